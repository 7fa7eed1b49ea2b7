import java.io.*;
import java.net.*;
import java.nio.file.*;
import java.security.*;
import java.security.cert.*;
import java.security.cert.Certificate;
import java.security.spec.*;
import java.util.*;
import javax.net.ssl.*;

/** A client on HttpsURLConnection's parts: java Client.java HOLE URL HOST PORT ROOTS [CHAIN KEY]. */
public class Client {
    public static void main(String[] words) throws Exception {
        String hole = words[0], host = words[2];
        URI uri = URI.create(words[1]);
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        int number = 0;
        for (Certificate each : read(factory, words[4])) trusted.setCertificateEntry("root" + number++, each);
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        KeyManager[] keys = null;
        if (words.length > 6 && !words[5].isEmpty()) {
            KeyStore own = KeyStore.getInstance("PKCS12");
            own.load(null, null);
            String pem = Files.readString(Path.of(words[6])).replaceAll("-----[A-Z ]+-----|\\s", "");
            PrivateKey key = null;
            for (String kind : new String[] {"EC", "RSA", "EdDSA", "RSASSA-PSS"}) {
                try {
                    key = KeyFactory.getInstance(kind).generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem)));
                    break;
                } catch (InvalidKeySpecException another) {
                    continue;
                }
            }
            own.setKeyEntry("own", key, new char[0], read(factory, words[5]).toArray(new Certificate[0]));
            KeyManagerFactory manager = KeyManagerFactory.getInstance("PKIX");
            manager.init(own, new char[0]);
            keys = manager.getKeyManagers();
        }
        TrustManager[] managers = trust.getTrustManagers();
        if (hole.equals("trust-all")) managers = new TrustManager[] {new Careless()};
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys, managers, null);
        try (Socket tcp = new Socket(host, Integer.parseInt(words[3]));
             SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(tcp, uri.getHost(), uri.getPort(), true)) {
            socket.setSoTimeout(8000);
            SSLParameters parameters = socket.getSSLParameters();
            // A bare SSLSocket checks no name unless it is told to.
            if (!hole.equals("bare-socket")) parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            socket.getOutputStream().write(("GET / HTTP/1.1\r\nHost: " + uri.getHost() + "\r\nConnection: close\r\n\r\n").getBytes());
            String line = new BufferedReader(new InputStreamReader(socket.getInputStream())).readLine();
            if (line == null || !line.startsWith("HTTP/1.1 200")) throw new IOException("the server answered " + line);
        } catch (Exception error) {
            System.err.println(error);
            System.exit(1);
        }
    }

    static List<Certificate> read(CertificateFactory factory, String path) throws Exception {
        try (InputStream file = Files.newInputStream(Path.of(path))) {
            return new ArrayList<>(factory.generateCertificates(file));
        }
    }

    static class Careless implements X509TrustManager {
        public void checkClientTrusted(X509Certificate[] chain, String kind) {}
        public void checkServerTrusted(X509Certificate[] chain, String kind) {}
        public X509Certificate[] getAcceptedIssuers() { return new X509Certificate[0]; }
    }
}
