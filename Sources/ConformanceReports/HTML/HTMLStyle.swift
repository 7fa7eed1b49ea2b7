/// The page's style sheet. Colours come in pairs, for light and for dark; none is the only sign of anything.
enum HTMLStyle {
    static let text = """
        :root{--back:#fff;--text:#1a1c1f;--soft:#5b616b;--line:#d5d9df;--raised:#f4f6f8;--link:#0b57b0;
        --good:#0b6b32;--good-back:#e3f5e9;--bad:#a5171b;--bad-back:#fde6e6;--deviated:#7a4a00;--deviated-back:#fdf1d8}
        @media (prefers-color-scheme:dark){:root{--back:#14171a;--text:#e6e8eb;--soft:#a2a9b3;--line:#363c44;
        --raised:#1e2328;--link:#7db7ff;--good:#7ddc9c;--good-back:#143322;--bad:#ff9a96;--bad-back:#441a1b;
        --deviated:#f2c572;--deviated-back:#3a2c10}}
        *{box-sizing:border-box}
        body{margin:0 auto;padding:1rem;max-width:150rem;background:var(--back);color:var(--text);
        font:15px/1.45 system-ui,sans-serif}
        a{color:var(--link)}
        :focus-visible{outline:3px solid var(--link);outline-offset:1px}
        h1{font-size:1.5rem;margin:.2rem 0}h2{font-size:1.2rem;margin:1.6rem 0 .4rem}
        .result{font-size:1.1rem;padding:.6rem .8rem;border-left:6px solid;border-radius:4px}
        .good{color:var(--good);background:var(--good-back)}.bad{color:var(--bad);background:var(--bad-back)}
        .deviated{color:var(--deviated);background:var(--deviated-back)}
        .totals{display:flex;flex-wrap:wrap;gap:.5rem;list-style:none;padding:0}
        .totals a{display:block;padding:.3rem .7rem;border-radius:4px;text-decoration:none}
        p,header li,.result,.cause{max-width:75rem}.provenance{color:var(--soft);font-size:.9rem;overflow-wrap:anywhere}
        .wide{overflow-x:auto;max-width:100%}
        .cause{border:1px solid var(--line);border-left:6px solid var(--bad);border-radius:4px;padding:.2rem .9rem;margin:.7rem 0}
        .cause h3{font-size:1.05rem;margin:.5rem 0;overflow-wrap:anywhere}.cause b{padding:.1rem .4rem;border-radius:4px}
        .history th[scope=row]{white-space:nowrap}.history td:nth-child(4){width:10rem;min-width:6rem}.bar{display:block;height:1em;background:var(--bad);border-radius:2px}
        .id{font-family:ui-monospace,monospace;font-size:.88rem;overflow-wrap:anywhere}
        li,pre,code,.facts td{overflow-wrap:anywhere}th,td{overflow-wrap:break-word}
        table{border-collapse:collapse;margin:.4rem 0 1rem}
        caption{text-align:left;font-weight:600;padding:.3rem 0}
        th,td{border:1px solid var(--line);padding:.25rem .5rem;text-align:left;vertical-align:top}
        thead th{background:var(--raised);position:sticky;top:0}
        tbody th{font-weight:500}
        .matrix td{text-align:center;padding:0;overflow-wrap:normal}
        .matrix tbody th{min-width:9rem;max-width:22rem;overflow-wrap:anywhere;position:sticky;left:0;background:var(--back)}
        .matrix.many thead th:not(:first-child){writing-mode:vertical-rl;text-align:left;padding:.4rem .1rem;overflow-wrap:normal}
        .matrix.many td a{padding:.25rem .2rem}
        .matrix td a{display:block;padding:.25rem .5rem;color:inherit;text-decoration:none}
        .matrix td.bad a::before{content:"✗ "}
        .number{text-align:right;font-variant-numeric:tabular-nums}
        .hidden,.skip:not(:focus){position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
        form{display:flex;flex-wrap:wrap;gap:.6rem;align-items:end;padding:.6rem;background:var(--raised);border-radius:6px}
        label{display:flex;flex-direction:column;font-size:.85rem;color:var(--soft)}
        input,select,button{font:inherit;color:var(--text);background:var(--back);border:1px solid var(--line);
        border-radius:4px;padding:.3rem .5rem}
        #q{width:min(28rem,80vw)}
        #list{width:100%}#list td:nth-child(2){font-family:ui-monospace,monospace;font-size:.88rem;overflow-wrap:anywhere}
        #list tr:target,#list tr.current{outline:2px solid var(--link)}
        @media (min-width:50rem){#list{table-layout:fixed}#list th:first-child{width:11rem}#list th:last-child{width:6rem}}
        #pages{display:flex;gap:1rem;align-items:center}
        .hint{color:var(--soft);font-size:.85rem}
        dialog{width:min(70rem,96vw);max-height:92vh;border:1px solid var(--line);border-radius:8px;padding:1rem;
        background:var(--back);color:var(--text)}
        dialog::backdrop{background:#0008}
        dialog h3{font:600 1rem/1.4 ui-monospace,monospace;overflow-wrap:anywhere;margin:0 2rem .5rem 0}
        dialog h4{margin:1rem 0 .3rem}
        dialog .close{float:right}
        pre{white-space:pre-wrap;overflow-wrap:anywhere;background:var(--raised);padding:.5rem;border-radius:4px}
        .time{display:grid;grid-template-columns:1fr 8rem 1fr;list-style:none;padding:0;margin:.3rem 0;font-size:.92rem}
        .time li{display:contents}
        .time span{padding:.2rem .5rem;border-bottom:1px solid var(--line)}
        .time .head{font-weight:600;background:var(--raised)}.time .whole{grid-column:1/-1}
        .time .step{text-align:center;color:var(--deviated);background:var(--deviated-back)}
        .time .step::before{content:"⟳ "}
        .time .arrow{text-align:center;color:var(--soft)}
        .time .from{text-align:right}
        kbd{border:1px solid var(--line);border-radius:3px;padding:0 .3rem}
        select,input{max-width:100%}#cause{max-width:min(24rem,80vw)}
        @media (max-width:40rem){body{padding:.6rem}.rules thead{display:none}.rules tr,.rules td,.rules tbody th{display:block}
        .rules td,.rules tbody th{border-top:0;overflow-wrap:anywhere}.rules tr{margin-bottom:.6rem;border-top:1px solid var(--line)}
        .rules .number{text-align:left}.rules .number::before{content:"cases: "}
        .time{grid-template-columns:1fr 3rem 1fr;font-size:.8rem}}
        @media print{form,#pages,.hint{display:none}}
        """
}
