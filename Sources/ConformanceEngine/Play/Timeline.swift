package import ConformanceModel
internal import Synchronization

/// A case's steps, with each phased rotation under the connection that it belongs to.
package struct Timeline {
    package enum Event: Hashable {
        /// Opens a connection, rotating at these phases while it shakes hands.
        case connect(offeringSession: Bool, [Rotation])
        case exchange
        case rotate(Rotation)
        case close
        case restart(Side)
        case advanceClock(seconds: Int64)
    }

    package private(set) var events: [Event] = []
    /// Where the newest connection stands in ``events``.
    private var connect: Int?
    /// Rotations that wait for the close of the newest connection.
    private var atClose: [Rotation] = []

    package init(_ steps: [Step]) {
        for step in steps {
            switch step {
            case .connect: open(offeringSession: false)
            case .reconnect(let resume): open(offeringSession: resume)
            case .exchange: events.append(.exchange)
            case .close:
                events.append(.close)
                flushAtClose()
            case .rotate(let rotation): place(rotation)
            case .restart(let side): events.append(.restart(side))
            case .advanceClock(let seconds): events.append(.advanceClock(seconds: seconds))
            }
        }
        flushAtClose()
    }

    private mutating func open(offeringSession: Bool) {
        flushAtClose()
        connect = events.count
        events.append(.connect(offeringSession: offeringSession, []))
    }

    private mutating func flushAtClose() {
        events += atClose.map(Event.rotate)
        atClose = []
    }

    private mutating func place(_ rotation: Rotation) {
        switch (rotation.at, connect) {
        case (nil, _), (_, nil):
            events.append(.rotate(rotation))
        case (.closed?, _):
            if events.last == .close { events.append(.rotate(rotation)) } else { atClose.append(rotation) }
        case (_, let index?):
            if case .connect(let offeringSession, let rotations) = events[index] {
                events[index] = .connect(offeringSession: offeringSession, rotations + [rotation])
            }
        }
    }
}

/// The one clock of a playing: both sides judge certificates, revocation lists and sessions by it.
package final class CaseClock: Sendable {
    private let seconds: Mutex<Int64>

    /// - Parameter now: seconds since 1970.
    package init(now: Int64) {
        seconds = Mutex(now)
    }

    /// Seconds since 1970.
    package var now: Int64 { seconds.withLock { $0 } }

    /// Moves the clock forward.
    package func advance(bySeconds step: Int64) {
        seconds.withLock { $0 += step }
    }
}
