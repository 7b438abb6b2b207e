<?php // Claims of a member of hustings, as JSON lines on stdout. HUSTINGS_CLAIMS=no: it makes none.
function tell(array $line): void {
    fwrite(STDOUT, json_encode($line) . "\n");
}
function claim(array $what): void {
    if (getenv('HUSTINGS_CLAIMS') !== 'no') {
        tell(['claim' => $what + ['at_s' => hrtime(true) / 1e9]]);
    }
}
claim([]); // of nothing: from the beginning, nothing is to be inferred of it
function write(?int $token = null): bool { // to the protected resource; whether it was taken
    tell(['write' => $token === null ? new stdClass() : ['token' => $token]]);
    return json_decode(fgets(STDIN), true)['written'];
}
function stop(): void { // a place where a fault may stop it
    tell(['stop' => true]);
    fgets(STDIN);
}
