internal import ConformanceModel
internal import Glibc

/// One start of a program, and what can be read from it afterwards.
final class ProgramRun {
    let name: String
    let process: ChildProcess
    private let plan: ProgramPlan
    private let folder: MaterialFolder

    init(
        _ plan: ProgramPlan,
        _ values: TemplateValues,
        name: String,
        command: PeerCommand,
        group: Int32,
        folder: MaterialFolder
    ) throws(PeerFault) {
        self.name = name
        self.plan = plan
        self.folder = folder
        for (file, template) in plan.files.sorted(by: { $0.key < $1.key }) {
            try folder.write("\(values.number)-\(file)", command.expanded([values.lines(template)]).joined())
        }
        let arguments = command.expanded(plan.launch.flatMap(values.arguments))
        do throws(SystemFailure) {
            process = try ChildProcess(
                arguments,
                group: group,
                environment: command.environment,
                // Paths in somebody's own command are told from where the run was started.
                folder: command.manifest.trigger == nil ? folder.path : nil
            )
        } catch {
            throw .crashed("\(name): \(error)")
        }
        if let input = plan.input { _ = process.write(Array(input.utf8), until: Deadline(after: .seconds(1))) }
        if !plan.holdsInput { process.closeInput() }
    }

    /// All that it wrote, logs included.
    func text(number: Int) -> String {
        streams(number: number).map { String(decoding: $0, as: UTF8.self) }.joined()
    }

    /// What it wrote to standard output, to standard error and to each of its logs.
    func streams(number: Int) -> [[UInt8]] {
        [process.outputBytes, process.errorBytes]
            + plan.logs.map { log in
                let descriptor = open("\(folder.path)/\(number)-\(log)", O_RDONLY | O_CLOEXEC)
                guard descriptor >= 0 else { return [] }
                return Descriptor(takingOwnershipOf: descriptor).readAvailable().bytes
            }
    }
}
