export { launchChromium } from './launch-chromium.ts'
export { APPEARANCES, type Appearance } from './appearances.ts'
export { startVisit, type Visit } from './visit.ts'
export { CANARY } from './watch-page.ts'
