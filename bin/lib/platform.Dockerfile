# The operator, the gateway or the control plane. JDK: image of its JDK. MAIN: its main class. COMPILERS: the highest tier; the
# gateway has both compilers, and more room for what lives shortly, since events are its work; the others wait for others most of
# the time.
ARG JDK
FROM $JDK AS jdk

FROM debian:trixie-slim
ARG MAIN
ARG COMPILERS
# One arena of malloc: each more keeps some ten MiB that a thread once used.
ENV MALLOC_ARENA_MAX=1
COPY --from=jdk / /opt/kappa/jdk/
COPY lib/ /opt/kappa/lib/
# A heap that begins small, grows by little and shrinks again; what the compilers had goes back to the kernel.
RUN printf '%s\n' -XX:+UseSerialGC -XX:+UseCompactObjectHeaders -Xms10m -XX:MaxRAMPercentage=60 -XX:MinHeapFreeRatio=10 \
    -XX:MaxHeapFreeRatio=20 "-XX:NewRatio=$([ "$COMPILERS" = 1 ] && echo 5 || echo 2)" -XX:-ShrinkHeapInSteps -XX:+UnlockDiagnosticVMOptions -XX:TrimNativeHeapInterval=30000 \
    "-XX:TieredStopAtLevel=$COMPILERS" -Djdk.reflect.useNativeAccessorOnly=true -XX:+ExitOnOutOfMemoryError -XX:-UsePerfData \
    --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -cp '/opt/kappa/lib/*' "$MAIN" \
    >/opt/kappa/java.arguments
USER 65532:65532
ENTRYPOINT ["/opt/kappa/jdk/bin/java", "@/opt/kappa/java.arguments"]
