import ConformanceModel

extension ScenarioSlip {
    /// The valid text with these steps.
    private static func steps(_ steps: String, _ complaint: String) -> ScenarioSlip {
        ScenarioSlip("control:", "steps: [\(steps)]\ncontrol:", complaint)
    }

    private static func rotate(_ block: String, _ complaint: String) -> ScenarioSlip {
        steps("connect, {rotate: {\(block)}}", complaint)
    }

    private static func sessions(_ value: String, _ complaint: String) -> ScenarioSlip {
        ScenarioSlip("server: {identity: server", "server: {sessions: \(value), identity: server", complaint)
    }

    static let steps: [ScenarioSlip] = [
        rotate("to: client", "24: rotate lacks “side”"),
        rotate("side: client", "24: rotate lacks “to”"),
        rotate(
            "side: server, what: clientCa, to: [root]",
            "24: unknown what “clientCa”; the nearest known what is “clientCAs”"
        ),
        rotate(
            "side: client, what: clientCAs, to: [root]",
            "24: rotate of clientCAs is for the server: a client has none"
        ),
        rotate(
            "side: server, what: rootCAs, to: [root]",
            "24: rotate of rootCAs is for the client: a server has none"
        ),
        rotate(
            "side: server, what: serverName, to: a.test",
            "24: rotate of serverName is for the client: a server has none"
        ),
        rotate(
            "side: client, what: clientAuth, to: NoClientCert",
            "24: rotate of clientAuth is for the server: a client has none"
        ),
        rotate("side: server, what: clientCAs, to: root", "24: to of rotate must be a list, not “root”"),
        rotate(
            "side: server, what: clientCAs, to: [rot]",
            "24: unknown pki entry “rot” in rotate; the nearest known pki entry is “root”"
        ),
        rotate(
            "side: server, what: clientCAs, to: none",
            "24: rotate to none isn't possible: a pool is replaced, not removed"
        ),
        rotate(
            "side: client, what: serverName, to: none",
            "24: rotate to none isn't possible: a server name is replaced, not removed"
        ),
        rotate(
            "side: server, what: clientAuth, to: Request",
            "24: unknown mode “Request”; the nearest known mode is “RequestClientCert”"
        ),
        rotate(
            "side: server, what: crl, to: [lost]",
            "24: unknown CRL “lost” in rotate; the nearest known CRL is “list”"
        ),
        rotate("side: server, to: [client]", "24: to of rotate must be a text, not a list"),
        steps("connect, {reconnect: {}}", "24: reconnect lacks “resume”"),
        steps("connect, {reconnect: {resume: maybe}}", "24: resume of reconnect must be true or false, not “maybe”"),
        steps(
            "connect, reconect",
            "24: unknown step “reconect”; the nearest known step is “reconnect”"
        ),
        steps(
            "connect, {restar: {side: server}}",
            "24: unknown step “restar”; the nearest known step is “restart”"
        ),
        steps("connect, close, {restart: {}}", "24: restart lacks “side”"),
        steps(
            "connect, close, {restart: {side: sever}}",
            "24: unknown side “sever”; the nearest known side is “server”"
        ),
        steps("connect, {clock: {}}", "24: clock lacks “advance”"),
        steps(
            "connect, {clock: {advance: -1h}}",
            "24: the clock advances by “-1h”; a duration is positive, for example 25h"
        ),
        steps(
            "connect, {clock: {advance: 0s}}",
            "24: the clock advances by “0s”; a duration is positive, for example 25h"
        ),
        steps(
            "connect, {close: {}, exchange: {}}",
            "24: a step must be a word, or one key with a block, not a block"
        ),
        sessions("on", "22: sessions of server is “on”; it is off, or a block with a lifetime"),
        sessions("{ticketKeys: own}", "22: sessions of server lacks “lifetime”"),
        sessions(
            "{lifetime: 8d}",
            "22: lifetime of sessions of server is “8d”; it is positive and at most 7d, for example 24h"
        ),
        sessions(
            "{lifetime: 24}",
            "22: lifetime of sessions of server is “24”; it is positive and at most 7d, for example 24h"
        ),
        sessions(
            "{lifetime: 24h, ticketKeys: share}",
            "22: unknown ticketKeys “share”; the nearest known ticketKeys is “shared”"
        ),
        ScenarioSlip(
            "client: {rootCAs: [root]",
            "client: {sessions: {lifetime: 24h, ticketKeys: own}, rootCAs: [root]",
            "23: unknown key “ticketKeys” in sessions of client; known are lifetime"
        ),
        ScenarioSlip(
            "server: {identity: server",
            "server: {pools: alive, identity: server",
            "22: unknown pools “alive”; the nearest known pools is “live”"
        ),
        ScenarioSlip(
            "  pairing: all\n",
            "  pairing: all\n  phase: [closed]\n",
            "22: unknown value “closed” in axis “phase”; known are before-client-hello, client-flight-processed, "
                + "client-flight-sent, client-hello-all-but-last-byte, client-hello-first-byte, client-hello-processed, "
                + "established"
        ),
        ScenarioSlip(
            "control:",
            "expect: {outcome: accepted, resumed: perhaps}\ncontrol:",
            "24: resumed of expect must be true or false, not “perhaps”"
        ),
    ]

    static let stepOrder: [ScenarioSlip] = [
        steps(
            "exchange",
            "24: steps must begin with connect, after a clock or a rotate without a phase at most\n24: steps must have a connect"
        ),
        steps("{clock: {advance: 1h}}", "24: steps must have a connect"),
        steps(
            "{reconnect: {resume: true}}",
            "24: steps must begin with connect, after a clock or a rotate without a phase at most"
        ),
        steps(
            "connect, {restart: {side: client}}",
            "24: restart of the client needs all connections closed, which a process can't keep"
        ),
        steps(
            "connect, connect, close, {restart: {side: server}}",
            "24: restart of the server needs all connections closed, which a process can't keep"
        ),
        steps(
            "connect, exchange, {rotate: {side: client, to: bare, at: established}}",
            "24: a rotate with a phase must stand right behind the connect or reconnect that it happens in"
        ),
        steps(
            "connect, {rotate: {side: client, to: bare, at: established}}, "
                + "{rotate: {side: client, to: client, at: client-flight-sent}}",
            "24: the rotates of a connect must stand in the order of their phases"
        ),
        steps(
            "connect, {rotate: {side: client, to: bare, at: axis}}",
            "24: a rotate is at the axis “phase”, and the scenario has no such axis"
        ),
        ScenarioSlip(
            "  pairing: all",
            "  phase: [established]\n  pairing: all",
            "21: the axis “phase” needs steps with a rotate that is at it"
        ),
        ScenarioSlip(
            "  pairing: all\n",
            "  phase: [established]\n  pairing: all\nsteps: [connect, exchange]\n",
            "23: these steps have no rotate that is at the axis “phase”"
        ),
    ]
}
