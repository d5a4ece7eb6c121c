/** The scenario that `npm start` opens and that the README shows. */
export const REFERENCE_SCENARIO = 'scenarios/walking-skeleton/scenario.caudal.json';
