import FoundationEssentials
import Glibc
import Testing
import ThrowawayPKI

@Suite("Writing a PKI into a folder")
struct WritingTests {
    @Test("Each entry becomes a certificate, a key and a chain; a key is readable by its owner alone")
    func files() throws {
        try withFolder { folder in
            let pki = try mint(ordinaryPKI, crls: [CRLRecipe(name: "revoked", issuer: "root")])
            let paths = try pki.write(to: "\(folder)/new/pki")
            #expect(paths.count == 13)
            #expect(paths.first == "\(folder)/new/pki/root.crt")
            for path in paths {
                #expect(mode(of: path) & (path.hasSuffix(".key") ? 0o077 : 0o022) == 0, "\(path)")
            }
            #expect(mode(of: "\(folder)/new/pki/server.key") == 0o600)
            let server = try #require(pki["server"])
            let intermediate = try #require(pki["intermediate"])
            #expect(text(of: "\(folder)/new/pki/server.crt") == server.certificatePEM)
            #expect(text(of: "\(folder)/new/pki/server.key") == server.privateKeyPEM)
            #expect(
                text(of: "\(folder)/new/pki/server.chain.crt")
                    == server.certificatePEM + intermediate.certificatePEM
            )
            #expect(text(of: "\(folder)/new/pki/revoked.crl") == pki.crlPEM("revoked"))
        }
    }

    @Test("An existing file is refused by its path, and nothing is written")
    func existing() throws {
        try withFolder { folder in
            let pki = try mint(ordinaryPKI)
            create("\(folder)/client.key", mode: 0o644)
            let error = try #require(throws: PKIWriteError.self) { try pki.write(to: folder) }
            #expect(error.code == .fileExists)
            #expect(error.path == "\(folder)/client.key")
            #expect(text(of: "\(folder)/root.crt") == nil)
        }
    }

    @Test("Overwriting replaces the file, and a wider mode of the old one is not kept")
    func overwriting() throws {
        try withFolder { folder in
            create("\(folder)/client.key", mode: 0o666)
            let pki = try mint(ordinaryPKI)
            try pki.write(to: folder, overwrite: true)
            try pki.write(to: folder, overwrite: true)
            #expect(mode(of: "\(folder)/client.key") == 0o600)
            #expect(text(of: "\(folder)/client.key") == pki["client"]?.privateKeyPEM)
            #expect(text(of: "\(folder)/client.key.new") == nil)
        }
    }

    @Test("A link in the place of the folder is not followed")
    func linkedFolder() throws {
        try withFolder { folder in
            let pki = try mint(ordinaryPKI)
            #expect(mkdir("\(folder)/elsewhere", 0o755) == 0)
            #expect(symlink("\(folder)/elsewhere", "\(folder)/pki") == 0)
            for path in ["\(folder)/pki", "\(folder)/pki/"] {
                let error = try #require(throws: PKIWriteError.self) { try pki.write(to: path) }
                #expect(error.code == .systemCall)
                #expect(error.found == "a link")
            }
            #expect(text(of: "\(folder)/elsewhere/root.key") == nil)
        }
    }

    @Test("A link in the place of a key is not followed")
    func link() throws {
        try withFolder { folder in
            let pki = try mint(ordinaryPKI)
            #expect(symlink("\(folder)/elsewhere", "\(folder)/root.key") == 0)
            #expect(throws: PKIWriteError.self) { try pki.write(to: folder) }
            try pki.write(to: folder, overwrite: true)
            #expect(text(of: "\(folder)/elsewhere") == nil)
            #expect(mode(of: "\(folder)/root.key") == 0o600)
        }
    }

    @Test("A name that would lead out of the folder is refused", arguments: ["../root", "a/b", "", "a\u{0}b"])
    func badName(name: String) throws {
        try withFolder { folder in
            let pki = try mint([CertificateRecipe(name: name, subject: Subject(commonName: "x"))])
            let error = try #require(throws: PKIWriteError.self) { try pki.write(to: folder) }
            #expect(error.code == .badName)
            #expect(error.path == name)
        }
    }

    @Test("Two entries that would write one file are refused")
    func clash() throws {
        try withFolder { folder in
            let pki = try mint([CertificateRecipe(name: "a"), CertificateRecipe(name: "a.chain")])
            let error = try #require(throws: PKIWriteError.self) { try pki.write(to: folder) }
            #expect(error.code == .nameClash)
            #expect(error.path == "\(folder)/a.chain.crt")
        }
    }

    @Test("A path that is no folder is named, with the system's reason")
    func noFolder() throws {
        try withFolder { folder in
            create("\(folder)/file", mode: 0o600)
            let pki = try mint([CertificateRecipe(name: "a")])
            let error = try #require(throws: PKIWriteError.self) { try pki.write(to: "\(folder)/file/pki") }
            #expect(error.code == .systemCall)
            #expect(error.path == "\(folder)/file/pki")
            #expect(error.found == "Not a directory")
        }
    }
}

/// Lends a folder and removes it with all that is in it.
private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "pki-writing-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
}

private func mode(of path: String) -> mode_t {
    var status = stat()
    return lstat(path, &status) == 0 ? status.st_mode & 0o7777 : 0o7777
}

private func create(_ path: String, mode: mode_t) {
    let descriptor = open(path, O_CREAT | O_WRONLY, mode)
    fchmod(descriptor, mode)
    close(descriptor)
}

private func text(of path: String) -> String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    while case let byte = getc(file), byte != EOF { bytes.append(UInt8(byte)) }
    return String(decoding: bytes, as: UTF8.self)
}
