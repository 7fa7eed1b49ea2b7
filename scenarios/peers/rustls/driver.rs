//! Puts rustls behind the protocol of docs/peer-drivers.md.

use rustls::server::{AllowAnyAnonymousOrAuthenticatedClient, AllowAnyAuthenticatedClient, NoClientAuth};
use rustls::{Certificate, ClientConfig, ClientConnection, PrivateKey, RootCertStore, ServerConfig, ServerConnection};
use rustls::{ConnectionCommon, ServerName, SideData, SupportedProtocolVersion};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::ops::{Deref, DerefMut};
use std::sync::mpsc::{channel, Receiver, Sender};
use std::sync::Arc;
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(3);
const DRAIN: Duration = Duration::from_secs(1);

type Failure = Box<dyn std::error::Error>;

struct Identity {
    chain: Vec<Certificate>,
    key: PrivateKey,
}

struct Settings {
    is_server: bool,
    mode: String,
    version: &'static SupportedProtocolVersion,
    identity: Option<Identity>,
    pool: RootCertStore,
    server_name: String,
}

#[derive(Default)]
struct Driver {
    settings: Option<Arc<Settings>>,
    server: Option<Arc<ServerConfig>>,
    client: Option<Arc<ClientConfig>>,
    seen: Option<Receiver<String>>,
}

fn main() {
    let mut driver = Driver::default();
    for line in io::stdin().lock().lines() {
        let line = match line {
            Ok(line) => line,
            Err(_) => return,
        };
        let id = member(&line, "id").unwrap_or("0").to_string();
        let answer = driver.obey(&line).unwrap_or_else(|failure| {
            format!("\"event\":\"error\",\"detail\":{}", quoted(&failure.to_string()))
        });
        println!("{{{},\"id\":{}}}", answer, id);
        let _ = io::stdout().flush();
    }
}

impl Driver {
    /// The members of an answer, without the order's id.
    fn obey(&mut self, order: &str) -> Result<String, Failure> {
        match string(order, "do").unwrap_or_default().as_str() {
            "hello" => Ok("\"event\":\"hello\",\"protocol\":1,\"name\":\"rustls\",\"version\":\"0.20\",\
                 \"roles\":[\"server\",\"client\"]"
                .to_string()),
            "configure" => Ok(match self.configure(order) {
                Ok(()) => "\"event\":\"configured\"".to_string(),
                Err(failure) => format!(
                    "\"event\":\"refused\",\"reason\":\"other\",\"detail\":{}",
                    quoted(&failure.to_string())
                ),
            }),
            "listen" => self.listen(),
            "observe" => Ok(self.seen.as_ref().ok_or("nothing listens")?.recv()?),
            "connect" => {
                let port = member(order, "port").ok_or("no port")?.parse()?;
                self.connect(port)
            }
            "stop" => {
                *self = Driver::default();
                Ok("\"event\":\"stopped\"".to_string())
            }
            _ => Ok("\"event\":\"unsupported\",\"reason\":\"the driver has no code for it\"".to_string()),
        }
    }

    fn configure(&mut self, order: &str) -> Result<(), Failure> {
        let settings = Arc::new(Settings::read(order)?);
        if settings.is_server {
            self.server = Some(Arc::new(server(&settings)?));
        } else {
            self.client = Some(Arc::new(client(&settings)?));
        }
        self.settings = Some(settings);
        Ok(())
    }

    fn listen(&mut self) -> Result<String, Failure> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let port = listener.local_addr()?.port();
        let (sender, receiver) = channel();
        let config = self.server.clone().ok_or("not configured as a server")?;
        let settings = self.settings.clone().ok_or("not configured")?;
        std::thread::spawn(move || accept(listener, config, settings, sender));
        self.seen = Some(receiver);
        Ok(format!("\"event\":\"listening\",\"port\":{}", port))
    }

    fn connect(&self, port: u16) -> Result<String, Failure> {
        let settings = self.settings.as_ref().ok_or("not configured")?;
        let name = match ServerName::try_from(settings.server_name.as_str()) {
            Ok(name) => name,
            Err(error) => return Ok(refused(&error.to_string())),
        };
        let mut connection = ClientConnection::new(self.client.clone().ok_or("not configured as a client")?, name)?;
        let socket = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
        Ok(converse(&mut connection, socket, settings, |_| String::new()))
    }
}

/// Serves one connection after the other until nobody asks for what was seen any more.
fn accept(listener: TcpListener, config: Arc<ServerConfig>, settings: Arc<Settings>, seen: Sender<String>) {
    for socket in listener.incoming().flatten() {
        let answer = match ServerConnection::new(config.clone()) {
            Ok(mut connection) => converse(&mut connection, socket, &settings, |connection: &ServerConnection| {
                let name = connection.sni_hostname().map_or("null".to_string(), quoted);
                format!(",\"sni\":{}", name)
            }),
            Err(error) => refused(&error.to_string()),
        };
        if seen.send(answer).is_err() {
            return;
        }
    }
}

impl Settings {
    fn read(order: &str) -> Result<Settings, Failure> {
        let role = string(order, "role").ok_or("no role")?;
        let from = member(order, &role).ok_or("no settings")?;
        let is_server = role == "server";
        let identity = match member(from, "identity") {
            Some(files) => Some(Identity {
                chain: certificates(&string(files, "chain").ok_or("no chain")?)?,
                key: key(&string(files, "key").ok_or("no key")?)?,
            }),
            None => None,
        };
        let mut pool = RootCertStore::empty();
        if let Some(path) = string(from, if is_server { "clientCAs" } else { "rootCAs" }) {
            for certificate in certificates(&path)? {
                pool.add(&certificate)?;
            }
        }
        Ok(Settings {
            is_server,
            mode: string(from, "mode").unwrap_or_default(),
            version: match string(from, "tls").as_deref() {
                Some("1.3") => &rustls::version::TLS13,
                _ => &rustls::version::TLS12,
            },
            identity,
            pool,
            server_name: string(from, "serverName").unwrap_or_default(),
        })
    }

    fn verifies(&self) -> bool {
        !self.is_server || self.mode != "NoClientCert"
    }
}

fn server(settings: &Settings) -> Result<ServerConfig, Failure> {
    let verifier = match settings.mode.as_str() {
        "NoClientCert" => NoClientAuth::new(),
        "VerifyClientCertIfGiven" => AllowAnyAnonymousOrAuthenticatedClient::new(settings.pool.clone()),
        _ => AllowAnyAuthenticatedClient::new(settings.pool.clone()),
    };
    let identity = settings.identity.as_ref().ok_or("a server needs an identity")?;
    let mut config = ServerConfig::builder()
        .with_safe_default_cipher_suites()
        .with_safe_default_kx_groups()
        .with_protocol_versions(&[settings.version])?
        .with_client_cert_verifier(verifier)
        .with_single_cert(identity.chain.clone(), identity.key.clone())?;
    config.session_storage = Arc::new(rustls::server::NoServerSessionStorage {});
    Ok(config)
}

fn client(settings: &Settings) -> Result<ClientConfig, Failure> {
    let builder = ClientConfig::builder()
        .with_safe_default_cipher_suites()
        .with_safe_default_kx_groups()
        .with_protocol_versions(&[settings.version])?
        .with_root_certificates(settings.pool.clone());
    Ok(match &settings.identity {
        Some(identity) => builder.with_single_cert(identity.chain.clone(), identity.key.clone())?,
        None => builder.with_no_client_auth(),
    })
}

fn certificates(path: &str) -> Result<Vec<Certificate>, Failure> {
    let ders = rustls_pemfile::certs(&mut BufReader::new(File::open(path)?))?;
    Ok(ders.into_iter().map(Certificate).collect())
}

fn key(path: &str) -> Result<PrivateKey, Failure> {
    let keys = rustls_pemfile::pkcs8_private_keys(&mut BufReader::new(File::open(path)?))?;
    Ok(PrivateKey(keys.into_iter().next().ok_or("no key in the file")?))
}

/// Shakes hands, speaks the greeting and closes; the members of what was seen.
fn converse<Connection, Data>(
    connection: &mut Connection,
    mut socket: TcpStream,
    settings: &Settings,
    further: impl Fn(&Connection) -> String,
) -> String
where
    Connection: Deref<Target = ConnectionCommon<Data>> + DerefMut,
    Data: SideData,
{
    let _ = socket.set_nodelay(true);
    let _ = socket.set_read_timeout(Some(PATIENCE));
    let _ = socket.set_write_timeout(Some(PATIENCE));
    let mut noticed = "handshake";
    let result = (|| -> io::Result<()> {
        while connection.is_handshaking() {
            if connection.complete_io(&mut socket)?.0 == 0 && connection.is_handshaking() {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        noticed = "first-read";
        let mut stream = rustls::Stream::new(connection, &mut socket);
        if settings.is_server {
            stream.write_all(b"hello\n")?;
            stream.flush()?;
            read_line(&mut stream)
        } else {
            read_line(&mut stream)?;
            stream.write_all(b"hello yourself\n")?;
            stream.flush()
        }
    })();
    let mut answer = format!("\"event\":\"connection\",\"accepted\":{}", result.is_ok());
    match result {
        Ok(()) => {
            let leaf = connection.peer_certificates().and_then(|chain| chain.first());
            answer += ",\"alertReceived\":null,\"alertSent\":null";
            answer += &match leaf {
                Some(leaf) => format!(",\"received\":{{\"sha256\":\"{}\"}}", sha256(&leaf.0)),
                None => ",\"received\":null".to_string(),
            };
            answer += &format!(",\"verified\":{}", leaf.is_some() && settings.verifies());
            let is_tls13 = connection.protocol_version() == Some(rustls::ProtocolVersion::TLSv1_3);
            answer += if is_tls13 { ",\"version\":\"1.3\"" } else { ",\"version\":\"1.2\"" };
            connection.send_close_notify();
        }
        Err(error) => {
            answer += &format!(",\"noticed\":\"{}\",\"detail\":{}", noticed, quoted(&error.to_string()));
            let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
            answer += &match inner {
                Some(rustls::Error::AlertReceived(alert)) => {
                    format!(",\"alertReceived\":{},\"alertSent\":null", alert.get_u8())
                }
                _ => ",\"alertReceived\":null".to_string(),
            };
        }
    }
    answer += &further(connection);
    finish(connection, socket);
    answer
}

/// Sends what is left, an alert or the end, and hangs up in order, so that no reset overtakes it.
fn finish<Data: SideData>(connection: &mut ConnectionCommon<Data>, mut socket: TcpStream) {
    while connection.wants_write() && connection.write_tls(&mut socket).is_ok() {}
    let _ = socket.shutdown(Shutdown::Write);
    let _ = socket.set_read_timeout(Some(DRAIN));
    let mut rest = [0; 4096];
    while matches!(socket.read(&mut rest), Ok(count) if count > 0) {}
}

fn read_line(stream: &mut impl Read) -> io::Result<()> {
    let mut byte = [0];
    loop {
        if stream.read(&mut byte)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if byte[0] == b'\n' {
            return Ok(());
        }
    }
}

fn sha256(bytes: &[u8]) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA256, bytes);
    digest.as_ref().iter().map(|byte| format!("{:02x}", byte)).collect()
}

fn refused(reason: &str) -> String {
    format!(
        "\"event\":\"connection\",\"accepted\":false,\"noticed\":\"configuration\",\"detail\":{}",
        quoted(reason)
    )
}

// JSON: an object's member by its key; the harness writes the orders, and writes them well.

fn member<'a>(object: &'a str, key: &str) -> Option<&'a str> {
    let mut rest = object.trim().strip_prefix('{')?;
    while rest.starts_with('"') {
        let name = &rest[1..end_of_value(rest) - 1];
        rest = rest[end_of_value(rest)..].strip_prefix(':')?;
        let end = end_of_value(rest);
        if name == key {
            return Some(&rest[..end]).filter(|value| *value != "null");
        }
        rest = rest[end..].trim_start_matches(',');
    }
    None
}

fn end_of_value(text: &str) -> usize {
    let (mut depth, mut is_quoted, mut is_escaped) = (0, false, false);
    for (index, byte) in text.bytes().enumerate() {
        if is_escaped {
            is_escaped = false;
        } else if is_quoted {
            is_escaped = byte == b'\\';
            is_quoted = byte != b'"';
            if !is_quoted && depth == 0 {
                return index + 1;
            }
        } else {
            match byte {
                b'"' => is_quoted = true,
                b'{' | b'[' => depth += 1,
                b'}' | b']' if depth == 0 => return index,
                b'}' | b']' => {
                    depth -= 1;
                    if depth == 0 {
                        return index + 1;
                    }
                }
                b',' if depth == 0 => return index,
                _ => {}
            }
        }
    }
    text.len()
}

/// Paths and names have no escapes but a backslash before one character.
fn string(object: &str, key: &str) -> Option<String> {
    let text = member(object, key)?.strip_prefix('"')?.strip_suffix('"')?;
    let mut result = String::new();
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        result.push(if character == '\\' { characters.next()? } else { character });
    }
    Some(result)
}

fn quoted(text: &str) -> String {
    let mut result = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => result.extend(['\\', character]),
            _ if (character as u32) < 32 => result += &format!("\\u{:04x}", character as u32),
            _ => result.push(character),
        }
    }
    result + "\""
}
