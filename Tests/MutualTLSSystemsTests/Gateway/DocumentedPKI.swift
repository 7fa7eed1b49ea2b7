import Foundation
import PeerPrograms
import Testing

/// The PKI that the gateway's documentation makes with openssl, by its commands as they stand there, and a certificate
/// of the same authority for the IAM service, which the documentation doesn't show.
final class DocumentedPKI: Sendable {
    static let shared = Task { try await DocumentedPKI() }

    let folder: ScratchFolder

    private static let commands = #"""
        # Generate a CA key and self-signed certificate
        openssl genrsa -out ca.key 4096
        openssl req -new -x509 -days 3650 -key ca.key -out ca.crt \
        -subj "/CN=Internal CA"
        # Generate a client key and certificate signing request
        openssl genrsa -out client.key 4096
        openssl req -new -key client.key -out client.csr \
        -subj "/CN=nuxt-gateway"
        # Sign the client certificate with the CA
        openssl x509 -req -days 365 -in client.csr -CA ca.crt -CAkey ca.key \
        -CAcreateserial -out client.crt
        """#

    private init() async throws {
        folder = try ScratchFolder()
        try await run(Self.commands)
        try await run(
            """
            openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout server.key -out server.csr \
            -subj "/CN=iam"
            echo "subjectAltName=DNS:iam.internal,IP:127.0.0.1" > san.txt
            openssl x509 -req -days 30 -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -out server.crt \
            -extfile san.txt
            """
        )
    }

    /// A folder with another client certificate of the same authority, quicker to make than the documented one.
    func makeClient(_ commonName: String, in folder: ScratchFolder) async throws {
        try await run(
            """
            openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "\(folder.path)/new.key" \
            -out "\(folder.path)/client.csr" -subj "/CN=\(commonName)"
            openssl x509 -req -days 30 -in "\(folder.path)/client.csr" -CA ca.crt -CAkey ca.key \
            -set_serial 77 -out "\(folder.path)/new.crt"
            cp ca.crt "\(folder.path)/ca.crt"
            mv "\(folder.path)/new.key" "\(folder.path)/client.key"
            mv "\(folder.path)/new.crt" "\(folder.path)/client.crt"
            """
        )
    }

    private func run(_ script: String) async throws {
        let shell = try #require(PeerProgram("sh"))
        let outcome = try await shell.run(["-euc", "umask 077\n" + script], in: folder.path)
        try #require(outcome.status == 0, "\(outcome.errors)")
    }
}
