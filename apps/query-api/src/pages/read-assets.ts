import { toEntry, type Entry } from '@runnel/cache'
import { styleFolder } from '@runnel/console'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A file that pages refer to, in memory. */
export interface Asset {
  readonly path: string
  readonly contentType: string
  readonly entry: Entry
}

/** What these pages have in common with the console, in its order. */
const SHARED_STYLES = ['tokens', 'base', 'shell', 'controls', 'table', 'notes']

/** Reads the style sheet, the scripts and the icon. */
export function readAssets(): Asset[] {
  return [
    toAsset('style.css', 'text/css; charset=utf-8', readStyles()),
    toAsset('theme.js', 'text/javascript; charset=utf-8', readFileSync(join(styleFolder, 'apply-theme.js'))),
    toAsset('products.js', 'text/javascript; charset=utf-8', readOwn('products.js')),
    toAsset('icon.svg', 'image/svg+xml; charset=utf-8', readOwn('icon.svg')),
  ]
}

function readStyles(): Buffer {
  const shared = SHARED_STYLES.map((name) => readFileSync(join(styleFolder, `${name}.css`)))
  return Buffer.concat([...shared, readOwn('style.css')])
}

function readOwn(name: string): Buffer {
  return readFileSync(new URL(`./assets/${name}`, import.meta.url))
}

function toAsset(name: string, contentType: string, body: Buffer): Asset {
  return { path: `/assets/${name}`, contentType, entry: toEntry({ body, version: 0 }) }
}
