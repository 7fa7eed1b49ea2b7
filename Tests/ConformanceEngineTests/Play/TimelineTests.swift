import ConformanceJudge
import ConformanceModel
import Testing

@testable import ConformanceEngine

@Suite("Timeline")
struct TimelineTests {
    private static func rotation(_ at: Phase?) -> Rotation { Rotation(side: .server, .identity("next"), at: at) }

    @Test("puts a phased rotation under the connect before it")
    func phased() {
        let steps: [Step] = [.connect, .exchange, .rotate(Self.rotation(.clientHelloProcessed)), .connect]
        let expected: [Timeline.Event] = [
            .connect(offeringSession: false, [Self.rotation(.clientHelloProcessed)]), .exchange,
            .connect(offeringSession: false, []),
        ]
        #expect(Timeline(steps).events == expected)
    }

    @Test("leaves a rotation without a phase where it is")
    func unphased() {
        let steps: [Step] = [.connect, .rotate(Self.rotation(nil)), .exchange]
        #expect(
            Timeline(steps).events == [.connect(offeringSession: false, []), .rotate(Self.rotation(nil)), .exchange]
        )
    }

    @Test("does a rotation at the close after the close, wherever it stands", arguments: [false, true])
    func closed(comesFirst: Bool) {
        let rotate = Step.rotate(Self.rotation(.closed))
        let steps: [Step] = comesFirst ? [.connect, rotate, .close] : [.connect, .close, rotate]
        #expect(
            Timeline(steps).events == [.connect(offeringSession: false, []), .close, .rotate(Self.rotation(.closed))]
        )
    }

    @Test("tells a connection that offers a session from one that does not")
    func reconnects() {
        let steps: [Step] = [.connect, .reconnect(resume: true), .rotate(Self.rotation(.established))]
        #expect(
            Timeline(steps).events == [
                .connect(offeringSession: false, []),
                .connect(offeringSession: true, [Self.rotation(.established)]),
            ]
        )
    }

    @Test("leaves restarts and the clock where they are")
    func others() {
        let steps: [Step] = [.connect, .close, .restart(.server), .advanceClock(seconds: 60), .connect]
        #expect(
            Timeline(steps).events == [
                .connect(offeringSession: false, []), .close, .restart(.server), .advanceClock(seconds: 60),
                .connect(offeringSession: false, []),
            ]
        )
    }
}
