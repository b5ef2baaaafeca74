# The operator, the gateway or the control plane. JDK: image of its JDK. MAIN: its main class.
ARG JDK
FROM $JDK AS jdk

FROM debian:trixie-slim
ARG MAIN
COPY --from=jdk / /opt/kappa/jdk/
COPY lib/ /opt/kappa/lib/
RUN printf '%s\n' -XX:+UseSerialGC -XX:+UseCompactObjectHeaders -XX:MaxRAMPercentage=60 -XX:+ExitOnOutOfMemoryError \
    -XX:-UsePerfData --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -cp '/opt/kappa/lib/*' \
    "$MAIN" >/opt/kappa/java.arguments
USER 65532:65532
ENTRYPOINT ["/opt/kappa/jdk/bin/java", "@/opt/kappa/java.arguments"]
