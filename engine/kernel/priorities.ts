/**
 * The order of events that fall on the same microsecond: lower runs first, equal priorities run in insertion order.
 * Range 0..255. The order decides results whenever clocks coincide (polls each second, batches on a window's end), so it
 * is fixed here once, with the reason for each step:
 *
 * 1. a fault or change of setting takes effect before anything that happens at its instant;
 * 2. departures free servers, lanes and in-flight places, so that
 * 3. timers (windows, refills, visibility and keep-alive expiry) see the state after the work that ended, and
 * 4. an arrival at that instant finds the freed server and the refilled bucket, as a real service would let it;
 * 5. a poll sees every record that arrived up to and including its instant;
 * 6. sampling looks last, at the state that holds until the next microsecond.
 */
export const PRIORITY_FAULT = 0;
/** Ends of service, releases of capacity: before timers and arrivals, so that what they free can be used. */
export const PRIORITY_DEPARTURE = 10;
/** Windows, refills, expiries, retries' due times. */
export const PRIORITY_TIMER = 20;
/** Records, parcels, requests and triggers reaching a station. */
export const PRIORITY_ARRIVAL = 30;
/** Pollers looking at a log or queue: after all that arrived at the same instant. */
export const PRIORITY_POLL = 40;
/** Recording of series, autoscalers' readings: after every change of state of the instant. */
export const PRIORITY_SAMPLING = 90;
