/// The page, as a Mustache template.
enum HTMLTemplate {
    static let page = #"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>Conformance of mutual TLS</title>
        <link rel="icon" href="data:,">
        <style>{{{style}}}</style>
        </head>
        <body>
        <a class="skip" href="#cases">Skip to the cases</a>
        <header>
        <h1>Conformance of mutual TLS</h1>
        <p class="result {{state}}">{{sentence}}</p>
        <p class="provenance">{{provenance}}</p>
        <ul class="totals">{{#totals}}<li><a class="{{kind}}" href="#verdict={{verdict}}"><b>{{count}}</b> {{verdict}}</a></li>{{/totals}}</ul>
        {{#hasFindings}}<h2>Findings of the run as a whole</h2><ul>{{#findings}}<li>{{.}}</li>{{/findings}}</ul>{{/hasFindings}}
        </header>
        <main>{{#hasCauses}}
        <section aria-labelledby="causes-title">
        <h2 id="causes-title">Unexpected results, by cause</h2>
        {{#causes}}<article class="cause"><h3><span>{{stack}}</span> <code>{{subject}}</code></h3>
        <p><b class="bad">{{summary}}</b>{{#sentence}} {{.}}{{/sentence}}</p>
        <p>{{label}} <a class="id" href="#case={{example}}">{{example}}</a></p>
        <pre>{{text}}</pre>
        <p><a href="{{link}}">{{all}}</a></p></article>{{/causes}}
        </section>{{/hasCauses}}
        {{#hasHistory}}<section aria-labelledby="history-title">
        <h2 id="history-title">The last runs</h2>
        <div class="wide" tabindex="0" role="group" aria-label="Table"><table class="history"><thead><tr><th scope="col">Started</th><th scope="col" class="number">Cases</th><th scope="col" class="number">Unexpected</th><th scope="col"><span class="hidden">Trend</span></th><th scope="col" class="number">Seconds</th><th scope="col">Other versions</th></tr></thead>
        <tbody>{{#history}}<tr><th scope="row">{{started}}</th><td class="number">{{cases}}</td><td class="number">{{unexpected}}</td><td><span class="bar" style="width:{{share}}%"></span></td><td class="number">{{seconds}}</td><td>{{changes}}</td></tr>{{/history}}</tbody></table></div>
        </section>{{/hasHistory}}
        <section aria-labelledby="matrix-title">
        <h2 id="matrix-title">Matrix</h2>
        <p>Each cell counts cases; ≈ marks how many are known deviations, and where some are
        unexpected it says how many of how many. A cell leads to its cases.</p>
        <div class="wide" tabindex="0" role="group" aria-label="Table">{{#pairings}}<table class="matrix {{density}}"><caption>{{title}}</caption>
        <thead><tr><th scope="col">Server</th>{{#columns}}<th scope="col">client {{.}}</th>{{/columns}}</tr></thead>
        <tbody>{{#rows}}<tr><th scope="row">{{title}}</th>{{#cells}}<td class="{{kind}}"><a href="{{link}}" aria-label="{{label}}">{{text}}</a></td>{{/cells}}</tr>{{/rows}}</tbody></table>{{/pairings}}
        {{#scenarios}}<table class="matrix {{density}}"><caption>{{title}}</caption>
        <thead><tr><th scope="col">Scenario</th>{{#columns}}<th scope="col">{{.}}</th>{{/columns}}</tr></thead>
        <tbody>{{#rows}}<tr><th scope="row">{{title}}</th>{{#cells}}<td class="{{kind}}"><a href="{{link}}" aria-label="{{label}}">{{text}}</a></td>{{/cells}}</tr>{{/rows}}</tbody></table>{{/scenarios}}</div>
        <details><summary>Client authentication: mode × credential</summary>
        <p>What the server saw / what the client saw: <b>ok</b> accepted, <b>ok+</b> with a verified peer, a number is the
        alert, <b>✗</b> a failure without one, <b>r</b> noticed on the first read (TLS 1.3).</p>
        {{#credentials}}<details><summary>{{title}}</summary><div class="wide" tabindex="0" role="group" aria-label="Table"><table class="matrix">
        <thead><tr><th scope="col">Credential</th>{{#columns}}<th scope="col">{{.}}</th>{{/columns}}</tr></thead>
        <tbody>{{#rows}}<tr><th scope="row">{{title}}</th>{{#cells}}<td class="{{kind}}"><a href="{{link}}" aria-label="{{label}}">{{text}}</a></td>{{/cells}}</tr>{{/rows}}</tbody></table></div></details>{{/credentials}}
        </details>
        {{#hasRotations}}<details id="rotation"><summary>Rotation, moment by moment</summary>
        <p>{{rotationLegend}}</p>
        {{#rotations}}<details><summary>{{scenario}}</summary><div class="wide" tabindex="0" role="group" aria-label="Table"><table>
        <thead><tr>{{#titles}}<th scope="col">{{.}}</th>{{/titles}}</tr></thead>
        <tbody>{{#rows}}<tr><th scope="row"><a href="{{link}}">{{change}}</a></th>{{#cells}}<td>{{.}}</td>{{/cells}}</tr>{{/rows}}</tbody></table></div></details>{{/rotations}}
        </details>{{/hasRotations}}
        </section>
        {{#profiles}}<section aria-labelledby="profiles-title">
        <h2 id="profiles-title">Profiles</h2>
        <p>The rules that each stack was seen to answer otherwise, and how many cases show it.</p>
        {{#hasHoles}}<div class="wide"><table class="rules"><caption>Holes</caption>
        <thead><tr><th scope="col">Stack</th><th scope="col">Rule</th><th scope="col" class="number">Cases</th><th scope="col">For example</th></tr></thead>
        <tbody>{{#holes}}<tr class="{{kind}}"><th scope="row">{{stack}}</th><td>{{rule}}</td><td class="number">{{cases}}</td><td><a href="#case={{example}}">{{example}}</a></td></tr>{{/holes}}</tbody></table></div>{{/hasHoles}}{{^hasHoles}}<p>No hole was seen.</p>{{/hasHoles}}
        <div class="wide"><table class="rules" id="profiles"><caption>{{legend}}</caption>
        <thead><tr><th scope="col">Stack</th>{{#groups}}<th scope="col">{{.}}</th>{{/groups}}<th scope="col">Undecided</th><th scope="col">Unexplained</th><th scope="col">Nearest</th></tr></thead>
        <tbody>{{#rows}}<tr><th scope="row">{{stack}}</th>{{#cells}}<td class="number {{kind}}">{{text}}</td>{{/cells}}<td class="number">{{undecided}}</td><td class="number {{unexplainedKind}}">{{unexplained}}</td><td>{{nearest}}</td></tr>{{/rows}}</tbody></table></div>
        {{#hasEntries}}<details><summary>Each rule that is answered otherwise</summary><div class="wide"><table class="rules">
        <thead><tr><th scope="col">Stack</th><th scope="col">Rule</th><th scope="col">Class</th><th scope="col">Answer</th><th scope="col">Side</th><th scope="col" class="number">Cases</th></tr></thead>
        <tbody>{{#entries}}<tr><th scope="row">{{stack}}</th><td>{{rule}}</td><td class="{{kind}}">{{class}}</td><td>{{answer}}</td><td>{{side}}</td><td class="number">{{cases}}</td></tr>{{/entries}}</tbody></table></div></details>{{/hasEntries}}
        </section>
        {{/profiles}}<section id="cases" aria-labelledby="cases-title">
        <h2 id="cases-title">Cases</h2>
        <form id="filters" role="search" aria-label="Filter cases">
        <label>Text <input id="q" type="search" placeholder="part of an id, a reason, a rule" autocomplete="off"></label>
        <label>Verdict <select id="verdict"><option value="">any</option><option value="unexpected">unexpected</option></select></label>
        <label>Cause <select id="cause"><option value="">any</option></select></label>
        <label>Stack <select id="stack"><option value="">any</option></select></label>
        <label>Server <select id="server"><option value="">any</option></select></label>
        <label>Client <select id="client"><option value="">any</option></select></label>
        <label>Mode <select id="mode"><option value="">any</option></select></label>
        <label>Credential <select id="credential"><option value="">any</option></select></label>
        <button type="reset">Clear</button>
        </form>
        <p id="count" role="status" aria-live="polite"></p>
        <div class="wide" tabindex="0" role="group" aria-label="Table"><table id="list"><caption class="hidden">The cases that the filters leave, 100 at a time</caption>
        <thead><tr><th scope="col">Verdict</th><th scope="col">Case</th><th scope="col" class="number">ms</th></tr></thead><tbody></tbody></table></div>
        <nav id="pages" aria-label="Pages of cases"><button type="button" id="previous">Previous 100</button><span id="page"></span><button type="button" id="next">Next 100</button></nav>
        <p class="hint">Keys: <kbd>/</kbd> text, <kbd>↑</kbd> <kbd>↓</kbd> case, <kbd>Enter</kbd> open, <kbd>Esc</kbd> close.</p>
        <noscript><p>The list needs scripts. The unexpected results:</p>{{#unexpected}}<h3>{{id}}</h3><p>{{verdict}}</p><pre>{{text}}</pre>{{/unexpected}}</noscript>
        </section>
        <dialog id="case" aria-labelledby="case-id"></dialog>
        <section aria-labelledby="rules-title">
        <h2 id="rules-title">Rules</h2>
        <div class="wide" tabindex="0" role="group" aria-label="Table"><table class="rules"><thead><tr><th scope="col">Rule</th><th scope="col">What it says</th><th scope="col">Where that is written</th><th scope="col" class="number">Cases</th></tr></thead>
        <tbody>{{#rules}}<tr id="rule-{{id}}"><th scope="row"><a href="#q={{id}}">{{id}}</a></th><td>{{sentence}}</td><td>{{#citation}}{{#address}}<a href="{{address}}" rel="noreferrer">{{text}}</a>{{/address}}{{^address}}{{text}}{{/address}}{{/citation}}</td><td class="number {{kind}}">{{hits}}</td></tr>{{/rules}}</tbody></table></div>
        </section>{{#hasFailureModes}}
        <section aria-labelledby="failure-modes-title">
        <h2 id="failure-modes-title">Failure modes</h2>
        <p>{{failureModeSummary}}</p>
        <details><summary>Each with its two halves and its sources</summary>
        <div class="wide" tabindex="0" role="group" aria-label="Table"><table class="rules"><thead><tr><th scope="col">Failure mode</th><th scope="col">Right half</th><th scope="col">Wrong half</th><th scope="col">Sources</th></tr></thead>
        <tbody>{{#failureModes}}<tr id="mode-{{id}}"><th scope="row">{{id}}<br>{{title}}</th><td class="{{rightKind}}">{{right}}</td><td class="{{wrongKind}}">{{#case}}<a href="#case={{.}}">{{/case}}{{wrong}}{{#case}}</a>{{/case}}</td><td>{{#sources}}{{#address}}<a href="{{address}}" rel="noreferrer">{{text}}</a>{{/address}}{{^address}}{{text}}{{/address}}<br>{{/sources}}</td></tr>{{/failureModes}}</tbody></table></div></details>
        </section>{{/hasFailureModes}}
        <section aria-labelledby="environment-title">
        <h2 id="environment-title">Environment</h2>
        <table class="facts"><tbody>{{#environment}}<tr><th scope="row">{{name}}</th><td>{{value}}</td></tr>{{/environment}}</tbody></table>
        </section>
        </main>
        <script type="application/json" id="data">{{{data}}}</script>
        <script>{{{script}}}</script>
        </body>
        </html>

        """#
}
