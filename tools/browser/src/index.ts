export { launchChromium } from './launch-chromium.ts'
export { LOOKS, type Look } from './appearances.ts'
export { startVisit, type Visit } from './visit.ts'
export { CANARY } from './watch-page.ts'
