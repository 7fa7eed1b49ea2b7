internal import ArgumentParser
internal import Campaign
internal import ConformanceEngine
internal import ConformanceModel
internal import Glibc
internal import ThrowawayPKI

/// `countersign pki`
struct PKICommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pki",
        abstract: "Mints certificates, keys and revocation lists from a recipe into a folder.",
        discussion: """
            A recipe is a YAML file with the sections `pki` and `crls` of a scenario, a scenario file, or the id of a \
            scenario. An entry NAME becomes NAME.crt, NAME.key with mode 0600, and NAME.chain.crt with its \
            intermediates; a list becomes NAME.crl. Use the keys in tests only.

            Example: countersign pki client-auth/credentials --out /tmp/pki
            """
    )

    @Argument(help: "A YAML file, or the id of a scenario.")
    var recipe: String

    @Option(help: ArgumentHelp("The folder to write into, new or empty.", valueName: "dir"))
    var out = "pki"

    @Option(
        help: ArgumentHelp(
            "The folder of scenarios; by default the catalogue that came with the program.",
            valueName: "dir"
        )
    )
    var scenarios: String?

    @Option(help: ArgumentHelp("Makes serial numbers repeatable; random by default.", valueName: "n"))
    var seed: UInt64?

    @Flag(help: "Writes into a folder that isn't empty, and replaces files of the same names.")
    var force = false

    @Flag(help: "Writes one JSON object for each certificate and list.")
    var json = false

    func run() throws {
        let specification = try RecipeSource(recipe, scenarios: scenarios).specification()
        try refuseUsedFolder()
        let pki: PKI
        do {
            pki = try PKI.mint(
                Recipe(specification),
                now: Int64(time(nil)),
                seed: seed ?? UInt64.random(in: .min ... .max),
                keys: KeyPool()
            )
        } catch {
            throw CommandError.usage("\(error)")
        }
        do {
            try pki.write(to: out, overwrite: force)
        } catch {
            throw CommandError.usage("\(error)")
        }
        let output = LineOutput(asJSON: json)
        for name in pki.names {
            if let entity = pki[name] { output.write(MintedCertificateLine(entity, folder: out)) }
        }
        for name in pki.revocationListNames { output.write(MintedListLine(name, folder: out)) }
    }

    /// Files of an earlier recipe beside new ones would be trusted by mistake.
    private func refuseUsedFolder() throws {
        guard !force, let folder = opendir(out) else { return }
        defer { closedir(folder) }
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard name == "." || name == ".." else {
                throw CommandError.usage(
                    "\(out): expected a new or an empty folder, found “\(SingleLine.of(name))” in it; choose another "
                        + "with --out, or write into it with --force"
                )
            }
        }
    }
}
