package dev.kappa.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HandlerRemedyTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Runtime.HandlerNotFound: Handler 'go' missing on module 'app'            | correct spec.handler or the code
            Runtime.ImportModuleError: Unable to import module 'app': No module named 'numpy' | correct spec.handler, or put what is missing into the code or a layer
            Runtime.ExitError: Runtime exited with error: exit status 127            | the log of an instance says why: invoke the function, and read kubectl logs of its pod
            Extension.ExitError: watcher ended: exit status 127                      | correct the layer with that extension; what it runs has to be in the runtime's image or in a layer
            Runtime.CodeUnavailable: code and layers unpack to more than 250 MiB; leave out what the handler does not need | ''
            """)
    void theErrorTellsWhatToDo(String error, String remedy) {
        assertThat(HandlerRemedy.of(error)).isEqualTo(remedy);
    }
}
