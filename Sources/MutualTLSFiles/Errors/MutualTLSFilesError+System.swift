internal import Glibc

extension MutualTLSFilesError {
    /// What the system says when a path isn't opened; `name` in the folder `base` is where it stopped.
    init(systemCode code: Int32, opening path: String, _ kind: FileKind, name: String, in base: Int32) {
        switch code {
        case ENOENT:
            self.init(missing: path, kind)
        case EACCES, EPERM:
            var status = stat()
            let details =
                fstatat(base, name, &status, 0) == 0
                ? "one with mode \(octal(status.st_mode)) and owner \(status.st_uid)"
                : "a folder on its way that can't be searched"
            self.init(unreadable: path, kind, details)
        default:
            self.init(systemCode: code, reading: path, kind)
        }
    }

    /// What the system says about something that has been opened.
    init(systemCode code: Int32, reading path: String, _ kind: FileKind) {
        if code == EACCES || code == EPERM {
            self.init(unreadable: path, kind, "one that refuses")
            return
        }
        self.init(
            .system,
            at: [path],
            expected: "a file with \(kind.expectation) in PEM",
            found: "that the system refuses it: \(String(cString: strerror(code)))",
            nextStep: "Put that right, or correct the path."
        )
    }

    private init(missing path: String, _ kind: FileKind) {
        let target = SymbolicLink.target(of: path).map(MutualTLSFilesError.printable)
        self.init(
            .missing,
            at: [path],
            expected: "a file with \(kind.expectation) in PEM",
            found: target.map { "a symbolic link to \($0), where there is none" } ?? "none",
            nextStep: target == nil ? "Write the file, or correct the path." : "Correct the link, or write its target."
        )
    }

    private init(unreadable path: String, _ kind: FileKind, _ details: String) {
        self.init(
            .unreadable,
            at: [path],
            expected: "a file with \(kind.expectation) that user \(geteuid()) may read",
            found: details,
            nextStep: "Give that user the permission."
        )
    }
}
