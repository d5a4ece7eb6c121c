/** Pixels of one small chart with its title, and of the title. */
export const chartHeight = 62;
export const titleHeight = 18;
