package import ConformanceModel
internal import Foundation

/// The part of a run that an engine of CI or a batch system gives this process, by its environment variables.
package struct ShardEnvironment: Equatable {
    /// How one engine says which part it is.
    private struct Engine: Sendable {
        var name: String
        var index: String
        var count: String
        /// The index of the first part.
        var first: Int
    }

    private static let engines = [
        // https://bazel.build/reference/test-encyclopedia#initial-conditions
        Engine(name: "Bazel", index: "TEST_SHARD_INDEX", count: "TEST_TOTAL_SHARDS", first: 0),
        // https://docs.gitlab.com/ci/variables/predefined_variables/
        Engine(name: "GitLab", index: "CI_NODE_INDEX", count: "CI_NODE_TOTAL", first: 1),
        // https://circleci.com/docs/reference/variables/
        Engine(name: "CircleCI", index: "CIRCLE_NODE_INDEX", count: "CIRCLE_NODE_TOTAL", first: 0),
        // https://buildkite.com/docs/pipelines/configure/environment-variables
        Engine(
            name: "Buildkite",
            index: "BUILDKITE_PARALLEL_JOB",
            count: "BUILDKITE_PARALLEL_JOB_COUNT",
            first: 0
        ),
        // https://kubernetes.io/docs/concepts/workloads/controllers/job/#completion-mode
        // Kubernetes tells a pod its index alone.
        Engine(name: "Kubernetes", index: "JOB_COMPLETION_INDEX", count: countVariable, first: 0),
    ]

    /// How many parts there are, for engines that don't tell it.
    package static let countVariable = "COUNTERSIGN_SHARDS"

    /// Nil outside any engine, and where there is one part only.
    package var shard: ShardPosition?
    /// The engine that gave the part.
    package var engine: String?
    /// Bazel: a file whose existence tells that the part was heeded.
    package var statusFile: String?
    /// Bazel: where JUnit XML is wanted.
    package var junit: String?

    /// - Throws: `CommandError` for a variable that is no number or out of range, and for engines that disagree.
    package init(_ variables: [String: String]) throws {
        var found: [(engine: String, shard: ShardPosition)] = []
        for engine in Self.engines {
            if let shard = try Self.shard(of: engine, variables) { found.append((engine.name, shard)) }
        }
        if let shard = try Self.slurmShard(variables) { found.append(("Slurm", shard)) }
        // An engine with one part says nothing: GitLab and CircleCI set their variables in every job.
        found.removeAll { $0.shard.count == 1 }
        guard Set(found.map(\.shard)).count <= 1 else {
            let parts = found.map { "\($0.engine) gives \($0.shard)" }.joined(separator: ", ")
            throw CommandError.usage("two engines name different shards: \(parts); say which with --shard I/N")
        }
        shard = found.first?.shard
        engine = found.first?.engine
        statusFile = variables["TEST_SHARD_STATUS_FILE"].nonEmpty
        junit = variables["XML_OUTPUT_FILE"].nonEmpty
    }

    private static func shard(of engine: Engine, _ variables: [String: String]) throws -> ShardPosition? {
        guard variables[engine.index].nonEmpty != nil else {
            // GitLab tells every job that it is one of 1, without an index.
            guard let count = variables[engine.count].nonEmpty, count != "1", engine.count != countVariable
            else { return nil }
            throw CommandError.usage(
                "\(engine.name) sets \(engine.count) without \(engine.index); say which shard with --shard I/N"
            )
        }
        guard variables[engine.count].nonEmpty != nil else {
            throw CommandError.usage(
                "\(engine.name) sets \(engine.index), and \(engine.count) does not say how many shards there are; "
                    + "set it, or say which shard with --shard I/N"
            )
        }
        let index = try number(engine.index, variables)
        let count = try number(engine.count, variables)
        guard let shard = ShardPosition(index: index - engine.first + 1, count: count) else {
            throw CommandError.usage(
                "\(engine.name) gives shard \(index) (\(engine.index), counted from \(engine.first)) of \(count) "
                    + "(\(engine.count)), which does not exist"
            )
        }
        return shard
    }

    /// A Slurm array may begin anywhere and have a step: https://slurm.schedmd.com/job_array.html
    private static func slurmShard(_ variables: [String: String]) throws -> ShardPosition? {
        guard variables["SLURM_ARRAY_TASK_ID"].nonEmpty != nil else { return nil }
        let names = ["SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_MAX", "SLURM_ARRAY_TASK_COUNT"]
        let values = try names.map { try number($0, variables) }
        let (id, least, greatest, count) = (values[0], values[1], values[2], values[3])
        let step =
            variables["SLURM_ARRAY_TASK_STEP"].nonEmpty == nil ? 1 : try number("SLURM_ARRAY_TASK_STEP", variables)
        guard step >= 1, count >= 1, greatest - least == (count - 1) * step, (id - least).isMultiple(of: step),
            let shard = ShardPosition(index: (id - least) / step + 1, count: count)
        else {
            throw CommandError.usage(
                "the Slurm array of \(count) tasks from \(least) to \(greatest) has gaps, so task \(id) has no number "
                    + "among them; say which shard with --shard I/N"
            )
        }
        return shard
    }

    private static func number(_ name: String, _ variables: [String: String]) throws -> Int {
        let text = variables[name] ?? ""
        guard let value = Int(text) else {
            throw CommandError.usage("\(name) is “\(text)”, not a number; say which shard with --shard I/N")
        }
        return value
    }
}

extension String? {
    fileprivate var nonEmpty: String? { self?.isEmpty == false ? self : nil }
}

extension ShardEnvironment {
    /// Tells Bazel that the shard was heeded, by the file that it watches for.
    package func announce() throws {
        guard let path = statusFile, !FileManager.default.createFile(atPath: path, contents: Data()) else { return }
        throw CommandError.usage("can't create \(path), which TEST_SHARD_STATUS_FILE names")
    }
}
