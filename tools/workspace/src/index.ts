export { ensureChromium, findChromium } from './find-chromium.ts'
