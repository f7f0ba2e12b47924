import { toEntry, type Entry } from '@runnel/cache'
import { readFileSync } from 'node:fs'

/** A file that pages refer to, in memory. */
export interface Asset {
  readonly path: string
  readonly contentType: string
  readonly entry: Entry
}

/** Reads the style sheet and the icon. */
export function readAssets(): Asset[] {
  return [
    readAsset('style.css', 'text/css; charset=utf-8'),
    readAsset('icon.svg', 'image/svg+xml; charset=utf-8'),
  ]
}

function readAsset(name: string, contentType: string): Asset {
  const body = readFileSync(new URL(`./assets/${name}`, import.meta.url))
  return { path: `/assets/${name}`, contentType, entry: toEntry({ body, version: 0 }) }
}
