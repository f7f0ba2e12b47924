import { beforeAll, expect, test } from '@jest/globals'
import { execFileSync } from 'node:child_process'
import { globSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib'
import { isConsoleStale } from '../src/build-console.ts'
import { consoleFolder } from '../src/index.ts'

/** Gzipped. The limit is 200 KB; this is what it is meant to stay at. */
const BUDGET_BYTES = 64 * 1024

const project = fileURLToPath(new URL('..', import.meta.url))

/** In a process of its own, as everywhere: vite's native parts do not know the objects of Jest's realm. */
const runBuild = () =>
  execFileSync(process.execPath, ['src/build-main.ts'], { cwd: project, encoding: 'utf8' })

beforeAll(() => void runBuild(), 60_000)

const built = (pattern: string) => globSync(pattern, { cwd: consoleFolder })
const read = (name: string) => readFileSync(join(consoleFolder, name))
const gzipped = (name: string) => gzipSync(read(name)).length

test('what was built from other sources is stale, and so is what was never built', () => {
  const marker = join(consoleFolder, '.built')
  const hash = readFileSync(marker, 'utf8')
  expect(isConsoleStale()).toBe(false)
  try {
    writeFileSync(marker, 'another')
    expect(isConsoleStale()).toBe(true)
    rmSync(marker)
    expect(isConsoleStale()).toBe(true)
  } finally {
    writeFileSync(marker, hash)
  }
})

test('what is built already is not built again, and nothing is said', () => {
  expect(runBuild()).toBe('')
})

test('the page holds nothing inline, and names no other host', () => {
  const page = read('index.html').toString()
  expect(page).not.toMatch(/<style|style=|\son\w+=|<script(?![^>]*\ssrc="\/console\/)[^>]*>/)
  expect(page).not.toMatch(/(src|href)="(https?:)?\/\//)
})

test('every file but the page carries a hash in its name, so that it may be kept for ever', () => {
  const files = built('**/*.*').filter((name) => !name.startsWith('index.html'))
  expect(files.filter((name) => !/^assets\/[\w-]+-[\w-]{8}\.(js|css|svg)(\.(br|gz))?$/.test(name))).toEqual(
    [],
  )
})

test('no script makes code of text or markup of text', () => {
  for (const name of built('assets/*.js')) {
    expect(read(name).toString()).not.toMatch(/\beval\(|new Function\(|\.outerHTML=/)
  }
})

test('no script names a file of the machine that it was built on', () => {
  for (const name of built('assets/*.js')) expect(read(name).toString()).not.toContain('/src/web/')
})

test('every file but the smallest is there compressed, in both ways', () => {
  const files = built('**/*.{html,js,css,svg}').filter((name) => read(name).length >= 512)
  expect(files.length).toBeGreaterThan(10)
  for (const name of files) {
    expect(brotliDecompressSync(read(`${name}.br`))).toEqual(read(name))
    expect(gunzipSync(read(`${name}.gz`))).toEqual(read(name))
  }
})

interface Chunk {
  readonly file: string
  readonly css?: string[]
  readonly assets?: string[]
  readonly imports?: string[]
  readonly dynamicImports?: string[]
}

const readManifest = () => JSON.parse(read('.vite/manifest.json').toString()) as Record<string, Chunk>

/** The files that a chunk cannot do without. */
function filesOf(manifest: Record<string, Chunk>, name: string): string[] {
  const { file, css = [], assets = [], imports = [] } = manifest[name]!
  return [file, ...css, ...assets, ...imports.flatMap((each) => filesOf(manifest, each))]
}

test('the first load of every view stays within its budget', () => {
  const manifest = readManifest()
  const views = manifest['index.html']?.dynamicImports ?? []
  expect(views.length).toBeGreaterThanOrEqual(6)
  const sizes = views.map((view) => {
    const files = new Set([...filesOf(manifest, 'index.html'), ...filesOf(manifest, view), 'index.html'])
    return [view, [...files].reduce((sum, name) => sum + gzipped(name), 0)] as const
  })
  expect(sizes.filter(([, bytes]) => bytes > BUDGET_BYTES)).toEqual([])
})
