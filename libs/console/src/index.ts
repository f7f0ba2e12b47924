import { fileURLToPath } from 'node:url'

/** Folder of the built console: what query-api serves under /console/. */
export const consoleFolder = fileURLToPath(new URL('../dist/web', import.meta.url))

/** Folder of its style sheets, and of the script that applies the chosen theme, for pages that are to look the same. */
export const styleFolder = fileURLToPath(new URL('./web/style', import.meta.url))

export { isCurrent, isViewPath, NAV_ITEMS } from './web/nav-items.ts'
