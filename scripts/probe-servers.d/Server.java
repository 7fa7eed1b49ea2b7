import java.io.FileInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** A TLS server of JSSE: Server P12 PASSWORD CA MODE, MODE being none, want or need. */
public class Server {
    public static void main(String[] arguments) throws Exception {
        char[] password = arguments[1].toCharArray();
        KeyStore identity = KeyStore.getInstance("PKCS12");
        identity.load(new FileInputStream(arguments[0]), password);
        KeyManagerFactory keys = KeyManagerFactory.getInstance("SunX509");
        keys.init(identity, password);
        KeyStore authorities = KeyStore.getInstance("PKCS12");
        authorities.load(null, null);
        int count = 0;
        for (var authority : CertificateFactory.getInstance("X.509").generateCertificates(new FileInputStream(arguments[2]))) {
            authorities.setCertificateEntry("authority" + count++, authority);
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(authorities);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        var listener = (SSLServerSocket) context.getServerSocketFactory()
            .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        listener.setNeedClientAuth(arguments[3].equals("need"));
        if (arguments[3].equals("want")) {
            listener.setWantClientAuth(true);
        }
        System.out.println("listening " + listener.getLocalPort());
        while (true) {
            SSLSocket connection = (SSLSocket) listener.accept();
            new Thread(() -> serve(connection)).start();
        }
    }

    private static void serve(SSLSocket connection) {
        try (connection) {
            connection.setSoTimeout(10_000);
            connection.startHandshake();
            connection.getOutputStream().write("hello\n".getBytes());
            connection.getOutputStream().flush();
            connection.getInputStream().read();
        } catch (IOException refused) {
            // The client sees why.
        }
    }
}
