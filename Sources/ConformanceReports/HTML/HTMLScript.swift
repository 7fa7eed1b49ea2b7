/// The page's script: filters, pages and the dialog of a case, with the address as their only state.
enum HTMLScript {
    static let text = #"""
        "use strict";
        (() => {
        const data = JSON.parse(document.getElementById("data").textContent);
        const text = number => number < 0 ? "" : data.s[number];
        const pageSize = 100;
        const names = ["q", "verdict", "cause", "stack", "server", "client", "mode", "credential"];
        const inputs = Object.fromEntries(names.map(name => [name, document.getElementById(name)]));
        const list = document.querySelector("#list tbody");
        const dialog = document.getElementById("case");

        const cases = data.cases.map(row => {
            const axes = [], expected = [];
            let at = 9;
            for (let left = row[at++]; left > 0; left--, at += 2) axes.push([text(row[at]), text(row[at + 1])]);
            for (let left = row[at++]; left > 0; left--) expected.push(row[at++]);
            const find = name => (axes.find(axis => axis[0] === name) || [])[1] || "";
            return {number: row[0], id: text(row[0]), verdict: row[2], server: text(row[3]), client: text(row[4]),
                timeline: row[5], reason: row[6], deviation: row[7], ms: row[8] / 1000, axes, expected, rules: row.slice(at),
                mode: find("clientAuth"), credential: find("credential")};
        });
        const byID = new Map(cases.map(one => [one.id, one]));
        let shown = cases, page = 0, current = -1, opener = null;

        const fill = (name, values) => {
            for (const value of [...new Set(values)].filter(Boolean).sort()) inputs[name].add(new Option(value, value));
        };
        fill("verdict", cases.map(one => data.verdicts[one.verdict]));
        for (const cause of data.causes) {
            inputs.cause.add(new Option(cause.title, cause.title));
            for (const number of cause.cases) cases[number].cause = cause.title;
        }
        fill("stack", cases.flatMap(one => [one.server, one.client]));
        for (const name of ["server", "client", "mode", "credential"]) fill(name, cases.map(one => one[name]));

        // A text stands in many cases, and is searched once for all of them.
        const lower = new Array(data.s.length);
        const finder = word => {
            const found = new Int8Array(data.s.length);
            const look = number => {
                lower[number] ??= data.s[number].toLowerCase();
                return found[number] = lower[number].includes(word) ? 1 : -1;
            };
            const has = number => number >= 0 && (found[number] || look(number)) > 0;
            return one => has(one.number) || has(one.reason) || has(one.deviation) || one.rules.some(has);
        };

        const filter = () => {
            const start = performance.now();
            const value = Object.fromEntries(names.map(name => [name, inputs[name].value]));
            const finders = value.q.toLowerCase().split(/\s+/).filter(Boolean).map(finder);
            const verdict = data.verdicts.indexOf(value.verdict);
            shown = cases.filter(one =>
                (!value.verdict || (value.verdict === "unexpected" ? !data.expected[one.verdict] : one.verdict === verdict))
                && (!value.cause || one.cause === value.cause)
                && (!value.stack || one.server === value.stack || one.client === value.stack)
                && (!value.server || one.server === value.server) && (!value.client || one.client === value.client)
                && (!value.mode || one.mode === value.mode) && (!value.credential || one.credential === value.credential)
                && finders.every(find => find(one)));
            page = 0;
            current = -1;
            show();
            document.documentElement.dataset.filterMs = (performance.now() - start).toFixed(1);
        };

        const element = (name, attributes, ...children) => {
            const made = document.createElement(name);
            for (const [key, value] of Object.entries(attributes || {})) made.setAttribute(key, value);
            made.append(...children);
            return made;
        };
        const kind = verdict => !data.expected[verdict] ? "bad" : data.verdicts[verdict] === "passed" ? "good" : "deviated";

        // Rows are made once and then written over, which is what a browser does quickest.
        const rows = [];
        const makeRow = () => {
            const verdict = element("td", {}, ""), link = element("a", {}, ""), time = element("td", {class: "number"}, "");
            return {verdict, link, time, node: element("tr", {}, verdict, element("td", {}, link), time)};
        };
        const show = () => {
            const pages = Math.max(1, Math.ceil(shown.length / pageSize));
            const part = shown.slice(page * pageSize, (page + 1) * pageSize);
            while (list.rows.length > part.length) list.lastChild.remove();
            for (let at = list.rows.length; at < part.length; at++) list.append((rows[at] ??= makeRow()).node);
            part.forEach((one, at) => {
                const {verdict, link, time} = rows[at];
                verdict.className = kind(one.verdict);
                verdict.firstChild.data = data.verdicts[one.verdict];
                link.href = "#case=" + encodeURI(one.id);
                link.firstChild.data = one.id;
                time.firstChild.data = one.ms.toFixed(1);
            });
            document.getElementById("count").textContent =
                `${shown.length.toLocaleString("en")} of ${cases.length.toLocaleString("en")} cases`;
            document.getElementById("page").textContent = `page ${page + 1} of ${pages}`;
            document.getElementById("previous").disabled = page === 0;
            document.getElementById("next").disabled = page >= pages - 1;
        };

        const lanes = ["head", "server", "client", "toServer", "toClient", "step"];
        const timeline = number => {
            const line = element("ol", {class: "time", "aria-label": "Server on the left, client on the right"});
            line.append(element("li", {"aria-hidden": "true"}, element("span", {class: "head from"}, "server"),
                element("span", {class: "head arrow"}), element("span", {class: "head"}, "client")));
            const row = data.timelines[number];
            for (let at = 0; at < row.length; at += 2) {
                const lane = lanes[row[at]], words = text(row[at + 1]), cell = (...parts) => element("span", ...parts);
                const side = hidden => element("span", {class: "hidden"}, hidden);
                const parts = {
                    head: () => [cell({class: "head whole"}, words)],
                    step: () => [cell({class: "step whole"}, words)],
                    server: () => [cell({class: "from"}, side("server: "), words), cell({class: "arrow"}, "•"), cell({})],
                    client: () => [cell({}), cell({class: "arrow"}, "•"), cell({}, side("client: "), words)],
                    toServer: () => [cell({}), cell({class: "arrow"}, "◀──"), cell({}, side("client to server: "), words)],
                    toClient: () => [cell({class: "from"}, side("server to client: "), words), cell({class: "arrow"}, "──▶"), cell({})],
                }[lane]();
                line.append(element("li", {}, ...parts));
            }
            return line;
        };

        const open = one => {
            const close = element("button", {type: "button", class: "close", autofocus: ""}, "Close");
            close.addEventListener("click", () => dialog.close());
            const items = values => element("ul", {}, ...values.map(value => element("li", {}, value)));
            const rule = number => element("a", {href: "#rule-" + text(number)}, text(number));
            const parts = [close, element("h3", {id: "case-id"}, one.id),
                element("p", {}, element("b", {class: kind(one.verdict)}, data.verdicts[one.verdict]),
                    ` — ${one.server} server, ${one.client} client, ${one.ms.toFixed(1)} ms`)];
            if (one.reason >= 0) parts.push(element("h4", {}, "Reason"), element("p", {}, text(one.reason)));
            if (one.deviation >= 0) parts.push(element("h4", {}, "Known deviation"), element("p", {}, text(one.deviation)));
            parts.push(element("h4", {}, "Expected"), items(one.expected.map(text)),
                element("h4", {}, "By the rules"), items(one.rules.map(rule)),
                element("h4", {}, "Server and client on one line of time"), timeline(one.timeline),
                element("h4", {}, "Point"), items(one.axes.map(axis => axis.join(": "))),
                element("h4", {}, "Alone"),
                element("pre", {}, "countersign run '" + one.id.replaceAll("'", "'\\''") + "'"
                    + (data.options[one.server + "/" + one.client] || "")));
            dialog.replaceChildren(...parts);
            if (!dialog.open) dialog.showModal();
            dialog.scrollTop = 0;
        };

        // The address holds the filters or the case, so that both can be sent to somebody.
        const write = () => {
            const parts = names.filter(name => inputs[name].value)
                .map(name => `${name}=${encodeURIComponent(inputs[name].value)}`);
            history.replaceState(null, "", "#" + (parts.join("&") || "cases"));
        };
        const read = () => {
            const fragment = location.hash.slice(1);
            if (fragment.startsWith("case=")) {
                const one = byID.get(decodeURIComponent(fragment.slice(5)));
                if (one) open(one);
                return;
            }
            if (dialog.open) dialog.close();
            if (!fragment.includes("=")) return;
            const pairs = new URLSearchParams(fragment.replaceAll("+", "%2B"));
            for (const name of names) inputs[name].value = pairs.get(name) || "";
            // Older links may name what this run hasn't: a select without a value would show nothing at all.
            for (const name of names) if (inputs[name].selectedIndex === -1) inputs[name].value = "";
            filter();
            document.getElementById("cases").scrollIntoView();
        };

        document.getElementById("filters").addEventListener("input", () => { write(); filter(); });
        document.getElementById("filters").addEventListener("submit", event => event.preventDefault());
        document.getElementById("filters").addEventListener("reset", () => setTimeout(() => { write(); filter(); }));
        const turn = by => { page += by; current = -1; show(); document.getElementById("list").scrollIntoView(); };
        document.getElementById("previous").addEventListener("click", () => turn(-1));
        document.getElementById("next").addEventListener("click", () => turn(1));
        list.addEventListener("click", event => { if (event.target.closest("a")) opener = event.target.closest("a"); });
        dialog.addEventListener("close", () => {
            if (location.hash.startsWith("#case=")) write();
            // A rule was followed: the focus would scroll away from it.
            else return;
            if (opener && opener.isConnected) opener.focus();
        });
        addEventListener("hashchange", read);
        addEventListener("keydown", event => {
            if (dialog.open || event.ctrlKey || event.metaKey || event.altKey) return;
            const isTyping = ["INPUT", "SELECT"].includes(document.activeElement.tagName);
            if (event.key === "/" && !isTyping) { event.preventDefault(); inputs.q.focus(); inputs.q.select(); }
            if (isTyping && document.activeElement !== inputs.q) return;
            const step = {ArrowDown: 1, ArrowUp: -1}[event.key];
            if (!step || !list.rows.length) return;
            const focused = [...list.rows].indexOf(document.activeElement.closest("tr"));
            if (focused < 0 && document.activeElement !== document.body && document.activeElement !== inputs.q) return;
            event.preventDefault();
            current = Math.min(list.rows.length - 1, Math.max(0, (focused < 0 ? current : focused) + step));
            list.rows[current].querySelector("a").focus();
        });

        show();
        read();
        document.documentElement.dataset.readyMs = performance.now().toFixed(1);
        })();
        """#
}
