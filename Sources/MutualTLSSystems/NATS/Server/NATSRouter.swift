internal import NIOCore
internal import Synchronization

/// One client of a server, as others see it: they write to it from their own event loops.
final class NATSPeer: Sendable {
    private struct State {
        var echo = true
        var headers = false
        var noResponders = false
        var permissions: NATSPermissions?
        /// The subjects that it may answer to, how often, and until when.
        var replies: [[UInt8]: (left: Int?, until: NIODeadline)] = [:]
    }

    private static let mostReplies = 4096

    let channel: any Channel
    private let state = Mutex(State())

    init(_ channel: any Channel) {
        self.channel = channel
    }

    var id: ObjectIdentifier { ObjectIdentifier(self) }
    var wantsEcho: Bool { state.withLock { $0.echo } }
    var takesHeaders: Bool { state.withLock { $0.headers } }
    var wantsNoResponders: Bool { state.withLock { $0.noResponders } }
    var permissions: NATSPermissions? { state.withLock { $0.permissions } }

    func connect(_ options: NATSConnectOptions, _ permissions: NATSPermissions?) {
        state.withLock { state in
            state.echo = options.echo
            state.headers = options.headers
            state.noResponders = options.noResponders
            state.permissions = permissions
        }
    }

    /// Whether the peer may answer to the subject, once more.
    func takeReply(_ subject: String, at now: NIODeadline) -> Bool {
        let key = Array(subject.utf8)
        return state.withLock { state in
            guard let reply = state.replies[key] else { return false }
            let left = reply.left.map { $0 - 1 }
            state.replies[key] = left == 0 || reply.until < now ? nil : (left, reply.until)
            return reply.until >= now
        }
    }

    /// Sends a message. A peer that doesn't take what it is sent is cut off.
    func deliver(_ message: NATSMessage, _ subscription: String, at now: NIODeadline) {
        var message = message
        state.withLock { state in
            if !state.headers { message.headers = nil }
            guard let responses = state.permissions?.responses, let reply = message.reply else { return }
            if state.replies.count >= Self.mostReplies {
                state.replies = state.replies.filter { $0.value.until >= now }
            }
            guard state.replies.count < Self.mostReplies else { return }
            state.replies[Array(reply.utf8)] = (responses.most, now + responses.lifetime)
        }
        if channel.isWritable {
            channel.writeAndFlush(NATSOperation.message(message, subscription: subscription).bytes, promise: nil)
        } else {
            channel.writeAndFlush(NATSOperation.error("Slow Consumer").bytes, promise: nil)
            channel.close(promise: nil)
        }
    }
}

/// The subscriptions on one server.
final class NATSRouter: Sendable {
    private struct Subscription {
        let subject: NATSSubject
        let text: [UInt8]
        /// Subjects within its wildcards that it isn't told.
        let hidden: [NATSSubject]
        let queue: String?
        let peer: NATSPeer
        let number: String
        var delivered = 0
        var most: Int?

        func takes(_ subject: NATSSubject, from publisher: NATSPeer) -> Bool {
            self.subject.matches(subject) && !hidden.contains { $0.matches(subject) }
                && (peer !== publisher || peer.wantsEcho)
        }
    }

    private struct Key: Hashable {
        let client: ObjectIdentifier
        let number: [UInt8]
    }

    private struct State {
        var subscriptions: [Key: Subscription] = [:]
        /// Subscriptions without wildcards, by their subject; the others are looked through one by one.
        var literals: [[UInt8]: Set<Key>] = [:]
        var patterns: Set<Key> = []
        var keys: [ObjectIdentifier: Set<Key>] = [:]

        mutating func remove(_ key: Key) {
            guard let subscription = subscriptions.removeValue(forKey: key) else { return }
            keys[key.client]?.remove(key)
            if subscription.subject.isLiteral {
                literals[subscription.text]?.remove(key)
                if literals[subscription.text]?.isEmpty == true { literals[subscription.text] = nil }
            } else {
                patterns.remove(key)
            }
        }
    }

    private let state = Mutex(State())

    /// Adds a subscription; one that has its number already stays as it is.
    func subscribe(_ peer: NATSPeer, _ number: String, _ subject: NATSSubject, _ text: String, queue: String?) {
        let key = Key(client: peer.id, number: Array(number.utf8))
        let text = Array(text.utf8)
        let hidden = peer.permissions?.hidden(from: subject) ?? []
        state.withLock { state in
            guard state.subscriptions[key] == nil else { return }
            state.subscriptions[key] = Subscription(
                subject: subject,
                text: text,
                hidden: hidden,
                queue: queue,
                peer: peer,
                number: number
            )
            state.keys[peer.id, default: []].insert(key)
            if subject.isLiteral {
                state.literals[text, default: []].insert(key)
            } else {
                state.patterns.insert(key)
            }
        }
    }

    /// Ends a subscription: at once, or when it has had as many messages in all.
    func unsubscribe(_ peer: NATSPeer, _ number: String, after count: Int?) {
        let key = Key(client: peer.id, number: Array(number.utf8))
        state.withLock { state in
            guard let subscription = state.subscriptions[key] else { return }
            if let count, subscription.delivered < count {
                state.subscriptions[key]?.most = count
            } else {
                state.remove(key)
            }
        }
    }

    func remove(_ peer: NATSPeer) {
        state.withLock { state in
            for key in state.keys[peer.id] ?? [] { state.remove(key) }
            state.keys[peer.id] = nil
        }
    }

    func count(of peer: NATSPeer) -> Int {
        state.withLock { $0.keys[peer.id]?.count ?? 0 }
    }

    /// Hands the message to every subscriber, and to one of each queue group; returns how many got it.
    @discardableResult
    func publish(_ message: NATSMessage, _ subject: NATSSubject, from publisher: NATSPeer, at now: NIODeadline) -> Int {
        let text = Array(message.subject.utf8)
        let chosen = state.withLock { state in
            let keys = Array(state.literals[text] ?? []) + state.patterns
            let fitting = keys.filter { state.subscriptions[$0]?.takes(subject, from: publisher) == true }
            let groups = Dictionary(grouping: fitting) { state.subscriptions[$0]?.queue.map { Array($0.utf8) } }
            var chosen = groups[nil] ?? []
            for (queue, members) in groups where queue != nil {
                if let member = members.randomElement() { chosen.append(member) }
            }
            return chosen.compactMap { key in
                guard var subscription = state.subscriptions[key] else { return nil as Subscription? }
                subscription.delivered += 1
                state.subscriptions[key] = subscription
                if let most = subscription.most, subscription.delivered >= most { state.remove(key) }
                return subscription
            }
        }
        for subscription in chosen { subscription.peer.deliver(message, subscription.number, at: now) }
        return chosen.count
    }

    /// The number of a subscription of the peer that an answer to the subject would reach.
    func subscription(of peer: NATSPeer, for subject: NATSSubject) -> String? {
        state.withLock { state in
            for key in state.keys[peer.id] ?? [] {
                if let own = state.subscriptions[key], own.subject.matches(subject) { return own.number }
            }
            return nil
        }
    }
}
