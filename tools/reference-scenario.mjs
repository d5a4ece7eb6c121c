/** The scenario that `npm start` opens and that the README shows. */
export const REFERENCE_SCENARIO = 'scenarios/real-time-80m/scenario.caudal.json';
