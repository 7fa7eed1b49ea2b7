import java.io.*;
import java.net.*;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.security.*;
import java.security.cert.*;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.*;
import java.util.concurrent.*;
import java.util.regex.*;
import javax.net.ssl.*;

/** Puts JSSE behind the protocol of docs/peer-drivers.md. */
public final class Driver {
    private static final int PATIENCE = 10_000;
    private static final char[] NO_PASSWORD = new char[0];

    // What serves and connects now; replaced by configure, forgotten by stop.
    private SSLContext context;
    private Map<?, ?> settings;
    private ServerSocket listener;
    private BlockingQueue<Map<String, Object>> seen = new LinkedBlockingQueue<>();

    public static void main(String[] arguments) throws Exception {
        var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        var output = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        var driver = new Driver();
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            var order = (Map<?, ?>) new Json(line).value();
            Map<String, Object> answer;
            try {
                answer = driver.obey(order);
            } catch (Exception error) {
                answer = event("error", "detail", error.toString());
            }
            answer.put("id", order.get("id"));
            output.println(Json.text(answer));
        }
        System.exit(0);
    }

    private Map<String, Object> obey(Map<?, ?> order) throws Exception {
        switch ((String) order.get("do")) {
            case "hello":
                return event("hello", "protocol", 1, "name", "java", "version", System.getProperty("java.version"),
                    "roles", List.of("server", "client"));
            case "configure":
                var role = (String) order.get("role");
                settings = (Map<?, ?>) order.get(role);
                try {
                    context = role.equals("server") ? serverContext() : clientContext();
                } catch (GeneralSecurityException error) {
                    return event("refused", "reason", "other", "detail", error.toString());
                }
                return event("configured");
            case "listen":
                listener = new ServerSocket(0, 16, InetAddress.getByName("127.0.0.1"));
                seen = new LinkedBlockingQueue<>();
                accept(listener, context, settings, seen);
                return event("listening", "port", listener.getLocalPort());
            case "observe":
                return seen.take();
            case "connect":
                return connect(((Number) order.get("port")).intValue());
            case "stop":
                if (listener != null) listener.close();
                listener = null;
                context = null;
                return event("stopped");
            default:
                return event("error", "detail", "unknown order " + order.get("do"));
        }
    }

    private SSLContext serverContext() throws GeneralSecurityException, IOException {
        var mode = (String) settings.get("mode");
        var verifies = mode.equals("VerifyClientCertIfGiven") || mode.equals("RequireAndVerifyClientCert");
        return context(verifies, true);
    }

    private SSLContext clientContext() throws GeneralSecurityException, IOException {
        return context(!(Boolean) settings.get("skipVerify"), "always".equals(settings.get("presents")));
    }

    private SSLContext context(boolean verifies, boolean always) throws GeneralSecurityException, IOException {
        KeyManager[] keys = null;
        if (settings.get("identity") instanceof Map<?, ?> files) {
            var chain = certificates((String) files.get("chain"));
            var store = emptyStore();
            store.setKeyEntry("own", key((String) files.get("key")), NO_PASSWORD, chain);
            var factory = KeyManagerFactory.getInstance("SunX509");
            factory.init(store, NO_PASSWORD);
            keys = factory.getKeyManagers();
            if (always) keys[0] = new AlwaysOwn((X509ExtendedKeyManager) keys[0]);
        }
        var pool = (String) settings.get(settings.containsKey("mode") ? "clientCAs" : "rootCAs");
        var trusted = pool == null ? new X509Certificate[0] : certificates(pool);
        TrustManager[] trust = {new AcceptAll(trusted)};
        if (verifies) {
            var store = emptyStore();
            for (int i = 0; i < trusted.length; i++) store.setCertificateEntry("ca" + i, trusted[i]);
            var factory = TrustManagerFactory.getInstance("PKIX");
            var parameters = new PKIXBuilderParameters(store, new X509CertSelector());
            parameters.setRevocationEnabled(false);
            factory.init(new CertPathTrustManagerParameters(parameters));
            trust = factory.getTrustManagers();
        }
        var context = SSLContext.getInstance("TLS");
        context.init(keys, trust, null);
        return context;
    }

    private void accept(ServerSocket listener, SSLContext context, Map<?, ?> settings, Queue<Map<String, Object>> seen) {
        var thread = new Thread(() -> {
            while (true) {
                Map<String, Object> answer;
                try {
                    var raw = listener.accept();
                    answer = serve(raw, context, settings);
                } catch (SocketException error) {
                    return;
                } catch (Exception error) {
                    answer = event("error", "detail", error.toString());
                }
                seen.add(answer);
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private static Map<String, Object> serve(Socket raw, SSLContext context, Map<?, ?> settings) throws Exception {
        raw.setTcpNoDelay(true);
        raw.setSoTimeout(PATIENCE);
        var mode = (String) settings.get("mode");
        var socket = (SSLSocket) context.getSocketFactory().createSocket(raw, null, raw.getPort(), false);
        socket.setUseClientMode(false);
        var parameters = socket.getSSLParameters();
        parameters.setProtocols(new String[] {"TLSv" + settings.get("tls")});
        if (mode.equals("RequireAnyClientCert") || mode.equals("RequireAndVerifyClientCert")) {
            parameters.setNeedClientAuth(true);
        } else if (!mode.equals("NoClientCert")) {
            parameters.setWantClientAuth(true);
        }
        socket.setSSLParameters(parameters);
        var isVerifying = mode.equals("VerifyClientCertIfGiven") || mode.equals("RequireAndVerifyClientCert");
        return converse(socket, raw, true, isVerifying);
    }

    private Map<String, Object> connect(int port) throws Exception {
        var raw = new Socket("127.0.0.1", port);
        raw.setTcpNoDelay(true);
        raw.setSoTimeout(PATIENCE);
        var name = (String) settings.get("serverName");
        var socket = (SSLSocket) context.getSocketFactory().createSocket(raw, name, port, false);
        var parameters = socket.getSSLParameters();
        parameters.setProtocols(new String[] {"TLSv" + settings.get("tls")});
        if (!(Boolean) settings.get("skipVerify")) parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        return converse(socket, raw, false, !(Boolean) settings.get("skipVerify"));
    }

    private static Map<String, Object> converse(SSLSocket socket, Socket raw, boolean isServer, boolean isVerifying) {
        var answer = event("connection", "accepted", false, "noticed", "handshake");
        try {
            socket.startHandshake();
            answer.put("noticed", "first-read");
            if (isServer) say(socket, "hello\n");
            var line = readLine(socket);
            if (!isServer) say(socket, "hello yourself\n");
            if (line.isEmpty()) throw new IOException("the peer hung up before it had said anything");
            tell(answer, socket.getSession(), isVerifying);
            socket.shutdownOutput();
        } catch (SocketException reset) {
            // A peer that hangs up on data that it hasn't read resets the connection, and its alert with it.
            answer.remove("noticed");
            answer.put("detail", reset.toString());
        } catch (IOException error) {
            answer.put("detail", error.toString());
            answer.put("alertReceived", alert(error));
        }
        finish(raw);
        return answer;
    }

    private static void say(SSLSocket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
    }

    private static String readLine(SSLSocket socket) throws IOException {
        var line = new StringBuilder();
        for (int c = socket.getInputStream().read(); c >= 0; c = socket.getInputStream().read()) {
            line.append((char) c);
            if (c == '\n') return line.toString();
        }
        return "";
    }

    private static void tell(Map<String, Object> answer, SSLSession session, boolean isVerifying) {
        answer.put("accepted", true);
        answer.put("alertSent", null);
        answer.put("alertReceived", null);
        answer.put("version", session.getProtocol().replace("TLSv", ""));
        answer.put("cipherSuite", session.getCipherSuite());
        answer.put("received", null);
        answer.put("verified", false);
        try {
            var peer = (X509Certificate) session.getPeerCertificates()[0];
            answer.put("received", Map.of("serial", peer.getSerialNumber().toString(16)));
            answer.put("verified", isVerifying);
        } catch (SSLPeerUnverifiedException none) {
            // A client without a certificate.
        }
    }

    /** The IANA name of the peer's alert, which JSSE tells in words alone. */
    private static String alert(IOException error) {
        var match = Pattern.compile("Received fatal alert: (\\w+)").matcher(error.toString());
        return match.find() ? match.group(1) : null;
    }

    /** Hangs up in order, so that no reset overtakes an alert. */
    private static void finish(Socket raw) {
        try (raw) {
            raw.shutdownOutput();
            raw.setSoTimeout(1000);
            raw.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (IOException gone) {
            // The peer was faster.
        }
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        var store = KeyStore.getInstance("JKS");
        store.load(null, null);
        return store;
    }

    private static X509Certificate[] certificates(String path) throws GeneralSecurityException, IOException {
        try (var stream = new ByteArrayInputStream(Files.readAllBytes(Path.of(path)))) {
            return CertificateFactory.getInstance("X.509").generateCertificates(stream).toArray(new X509Certificate[0]);
        }
    }

    private static PrivateKey key(String path) throws GeneralSecurityException, IOException {
        var body = Files.readString(Path.of(path)).replaceAll("-----[^-]+-----", "");
        var encoded = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(body));
        for (var algorithm : List.of("EC", "RSA", "Ed25519")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
            } catch (GeneralSecurityException other) {
                // Another kind of key.
            }
        }
        throw new KeyException("no key of a known kind in " + path);
    }

    private static Map<String, Object> event(String name, Object... fields) {
        var map = new LinkedHashMap<String, Object>();
        map.put("event", name);
        for (int i = 0; i < fields.length; i += 2) map.put((String) fields[i], fields[i + 1]);
        return map;
    }

    /** Presents the one identity whatever the peer asks for. */
    private static final class AlwaysOwn extends X509ExtendedKeyManager {
        private final X509ExtendedKeyManager own;

        AlwaysOwn(X509ExtendedKeyManager own) { this.own = own; }

        @Override public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) { return "own"; }
        @Override public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
            return own.getPrivateKey("own").getAlgorithm().startsWith(type.equals("RSASSA-PSS") ? "RSA" : type.substring(0, 2))
                ? "own" : null;
        }
        @Override public String[] getClientAliases(String type, Principal[] issuers) { return new String[] {"own"}; }
        @Override public String[] getServerAliases(String type, Principal[] issuers) { return new String[] {"own"}; }
        @Override public X509Certificate[] getCertificateChain(String alias) { return own.getCertificateChain(alias); }
        @Override public PrivateKey getPrivateKey(String alias) { return own.getPrivateKey(alias); }
    }

    /** Verifies nothing, for the modes that ask for any certificate. */
    private static final class AcceptAll extends X509ExtendedTrustManager {
        private final X509Certificate[] names;

        AcceptAll(X509Certificate[] names) { this.names = names; }

        @Override public void checkClientTrusted(X509Certificate[] chain, String type) {}
        @Override public void checkServerTrusted(X509Certificate[] chain, String type) {}
        @Override public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}
        @Override public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}
        @Override public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}
        @Override public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}
        @Override public X509Certificate[] getAcceptedIssuers() { return names; }
    }

    /** As much of JSON as the protocol uses; the standard library has none. */
    private static final class Json {
        private final String text;
        private int at = 0;

        Json(String text) { this.text = text; }

        Object value() {
            skip();
            char c = text.charAt(at);
            if (c == '{') return object();
            if (c == '[') return array();
            if (c == '"') return string();
            int start = at;
            while (at < text.length() && ",]} ".indexOf(text.charAt(at)) < 0) at++;
            var word = text.substring(start, at);
            return switch (word) {
                case "true" -> true;
                case "false" -> false;
                case "null" -> null;
                default -> Double.valueOf(word) == Math.rint(Double.valueOf(word)) ? (Object) Long.valueOf(word) : Double.valueOf(word);
            };
        }

        private Map<String, Object> object() {
            var map = new LinkedHashMap<String, Object>();
            at++;
            for (skip(); text.charAt(at) != '}'; skip()) {
                var key = string();
                skip();
                at++;
                map.put(key, value());
                skip();
                if (text.charAt(at) == ',') at++;
            }
            at++;
            return map;
        }

        private List<Object> array() {
            var list = new ArrayList<Object>();
            at++;
            for (skip(); text.charAt(at) != ']'; skip()) {
                list.add(value());
                skip();
                if (text.charAt(at) == ',') at++;
            }
            at++;
            return list;
        }

        private String string() {
            var result = new StringBuilder();
            for (at++; text.charAt(at) != '"'; at++) {
                char c = text.charAt(at);
                if (c != '\\') {
                    result.append(c);
                    continue;
                }
                c = text.charAt(++at);
                if (c == 'u') {
                    result.append((char) Integer.parseInt(text.substring(at + 1, at + 5), 16));
                    at += 4;
                } else {
                    result.append("nrtbf".indexOf(c) >= 0 ? "\n\r\t\b\f".charAt("nrtbf".indexOf(c)) : c);
                }
            }
            at++;
            return result.toString();
        }

        private void skip() {
            while (at < text.length() && Character.isWhitespace(text.charAt(at))) at++;
        }

        static String text(Object value) {
            if (value instanceof Map<?, ?> map) {
                var parts = new ArrayList<String>();
                map.forEach((key, item) -> parts.add(text(key) + ":" + text(item)));
                return "{" + String.join(",", parts) + "}";
            }
            if (value instanceof List<?> list) {
                return "[" + String.join(",", list.stream().map(Json::text).toList()) + "]";
            }
            if (value instanceof String string) {
                var result = new StringBuilder("\"");
                for (char c : string.toCharArray()) {
                    if (c == '"' || c == '\\') result.append('\\').append(c);
                    else if (c < ' ' || c > '~') result.append(String.format("\\u%04x", (int) c));
                    else result.append(c);
                }
                return result.append('"').toString();
            }
            return String.valueOf(value);
        }
    }
}
