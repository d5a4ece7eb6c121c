/** The packager is fetched when it is first used: it is as large as all other tools together, and few ever need it. */
export const ELECTRON_BUILDER = '26.17.0';
