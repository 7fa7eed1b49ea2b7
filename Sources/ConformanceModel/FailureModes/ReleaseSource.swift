/// Where the releases of a program come from, and how one is started: an entry of scenarios/peers/releases.yaml.
package struct ReleaseSource: Hashable, Sendable {
    /// A registry that keeps several versions of the program.
    package enum Registry: Hashable, Sendable {
        /// A package of PyPI, and further ones (`NAME==VERSION`) that it is installed with.
        case pypi(package: String, also: [String])
        /// Packages of Debian of one version, unpacked without being installed.
        case debian(packages: [String])
        /// A program of the machine, in the version that it has; the command tells it.
        case installed(version: [String])
    }

    /// The program's name before the `@`.
    package var name: String
    package var title: String
    package var registry: Registry
    /// The program itself; `{release}` is the folder of the release.
    package var program: String
    /// `{release}` and `{cache}` are folders.
    package var environment: [String: String]
    /// The space that a release takes, in megabytes, for people who decide whether to install it.
    package var megabytes: Int
    /// SHA-256 of the package of a version, where it is pinned.
    package var checksums: [String: String]

    package init(
        name: String,
        title: String,
        registry: Registry,
        program: String,
        environment: [String: String] = [:],
        megabytes: Int,
        checksums: [String: String] = [:]
    ) {
        self.name = name
        self.title = title
        self.registry = registry
        self.program = program
        self.environment = environment
        self.megabytes = megabytes
        self.checksums = checksums
    }

    /// Whether the machine has it in one version, which nothing here installs.
    package var isOfMachine: Bool {
        if case .installed = registry { true } else { false }
    }

    /// The registry and the package, for people.
    package var origin: String {
        switch registry {
        case .pypi(let package, _): "PyPI's \(package)"
        case .debian(let packages): "Debian's \(packages.joined(separator: ", "))"
        case .installed: "the machine's \(program)"
        }
    }
}
