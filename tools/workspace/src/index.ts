export { ensureChromium, findChromium } from './find-chromium.ts'
export { findServices, type FindOptions, type FoundServices } from './find-services.ts'
