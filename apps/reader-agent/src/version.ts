/** Of the agent; told in every report, so that the office sees which PCs are behind. */
export const version = '0.1.0';
