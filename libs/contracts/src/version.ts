/** Of Runnel: that of the package.json at the root, as a test checks. */
export const VERSION = '0.2.0'
