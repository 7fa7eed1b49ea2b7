import java.io.FileInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** Closes each connection as soon as its handshake is over, without a byte: ClosingServer P12 PASSWORD. */
class ClosingServer {
    public static void main(String[] arguments) throws Exception {
        char[] password = arguments[1].toCharArray();
        KeyStore identity = KeyStore.getInstance("PKCS12");
        identity.load(new FileInputStream(arguments[0]), password);
        KeyManagerFactory keys = KeyManagerFactory.getInstance("SunX509");
        keys.init(identity, password);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        var listener = (SSLServerSocket) context.getServerSocketFactory()
            .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        System.out.println("listening on " + listener.getLocalPort() + ".");
        while (true) {
            try (var connection = (SSLSocket) listener.accept()) {
                connection.startHandshake();
            } catch (IOException refused) {
                // The client sees why.
            }
        }
    }
}
