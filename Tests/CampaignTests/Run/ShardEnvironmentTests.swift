import ConformanceModel
import Testing

@testable import Campaign

@Suite("The shard that an engine gives")
struct ShardEnvironmentTests {
    @Test(
        "Each engine's variables are read with its own first index",
        arguments: [
            (["TEST_TOTAL_SHARDS": "4", "TEST_SHARD_INDEX": "0"], "1/4", "Bazel"),
            (["TEST_TOTAL_SHARDS": "4", "TEST_SHARD_INDEX": "3"], "4/4", "Bazel"),
            (["CI_NODE_TOTAL": "4", "CI_NODE_INDEX": "4"], "4/4", "GitLab"),
            (["CIRCLE_NODE_TOTAL": "3", "CIRCLE_NODE_INDEX": "2"], "3/3", "CircleCI"),
            (["BUILDKITE_PARALLEL_JOB_COUNT": "5", "BUILDKITE_PARALLEL_JOB": "1"], "2/5", "Buildkite"),
            (["COUNTERSIGN_SHARDS": "8", "JOB_COMPLETION_INDEX": "7"], "8/8", "Kubernetes"),
            (slurm(id: 3, min: 1, max: 8, count: 8), "3/8", "Slurm"),
            (slurm(id: 14, min: 10, max: 16, count: 4, step: 2), "3/4", "Slurm"),
        ]
    )
    func engines(variables: [String: String], shard: String, engine: String) throws {
        let environment = try ShardEnvironment(variables)
        #expect(environment.shard?.description == shard)
        #expect(environment.engine == engine)
    }

    @Test(
        "Where there is one part, or no engine, everything is played",
        arguments: [
            [:], ["CI_NODE_TOTAL": "1"], ["CIRCLE_NODE_TOTAL": "1", "CIRCLE_NODE_INDEX": "0"],
            ["TEST_TOTAL_SHARDS": "", "TEST_SHARD_INDEX": ""], ["COUNTERSIGN_SHARDS": "8"],
        ]
    )
    func alone(variables: [String: String]) throws {
        #expect(try ShardEnvironment(variables).shard == nil)
    }

    @Test(
        "What can't be right is refused, and the variable is named",
        arguments: [
            (["TEST_TOTAL_SHARDS": "4"], "Bazel sets TEST_TOTAL_SHARDS without TEST_SHARD_INDEX"),
            (["TEST_TOTAL_SHARDS": "4", "TEST_SHARD_INDEX": "4"], "Bazel gives shard 4 (TEST_SHARD_INDEX"),
            (["CI_NODE_TOTAL": "4", "CI_NODE_INDEX": "0"], "GitLab gives shard 0 (CI_NODE_INDEX, counted from 1)"),
            (["CI_NODE_TOTAL": "four", "CI_NODE_INDEX": "1"], "CI_NODE_TOTAL is “four”, not a number"),
            (["JOB_COMPLETION_INDEX": "1"], "COUNTERSIGN_SHARDS does not say how many"),
            (slurm(id: 5, min: 1, max: 9, count: 4), "the Slurm array of 4 tasks from 1 to 9 has gaps"),
            (
                ["CI_NODE_TOTAL": "4", "CI_NODE_INDEX": "1", "TEST_TOTAL_SHARDS": "4", "TEST_SHARD_INDEX": "1"],
                "two engines name different shards: Bazel gives 2/4, GitLab gives 1/4"
            ),
        ]
    )
    func refused(variables: [String: String], message: String) throws {
        let error = #expect(throws: CommandError.self) { try ShardEnvironment(variables) }
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "no error")")
        #expect(error?.status == .usage)
    }

    @Test("Engines that agree are no contradiction")
    func agreeing() throws {
        let variables = [
            "CI_NODE_TOTAL": "4", "CI_NODE_INDEX": "2", "TEST_TOTAL_SHARDS": "4", "TEST_SHARD_INDEX": "1",
        ]
        #expect(try ShardEnvironment(variables).shard?.description == "2/4")
    }

    private static func slurm(id: Int, min: Int, max: Int, count: Int, step: Int = 1) -> [String: String] {
        [
            "SLURM_ARRAY_TASK_ID": "\(id)", "SLURM_ARRAY_TASK_MIN": "\(min)", "SLURM_ARRAY_TASK_MAX": "\(max)",
            "SLURM_ARRAY_TASK_COUNT": "\(count)", "SLURM_ARRAY_TASK_STEP": "\(step)",
        ]
    }
}
