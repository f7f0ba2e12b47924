export { launchChromium } from './launch-chromium.ts'
export { LOOKS, type Look } from './looks.ts'
export { startVisit, type Visit } from './visit.ts'
export { CANARY } from './watch-page.ts'
