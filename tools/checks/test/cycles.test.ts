import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '../../..')

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'runnel-cycles-'))
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** @returns `file: rule` for every import that closes a cycle, by the configuration of the workspace */
function findCycles(files: Readonly<Record<string, string>>): string[] {
  for (const [name, code] of Object.entries(files)) writeFileSync(join(folder, name), code)
  const options = ['--config', join(ROOT, '.oxlintrc.json'), '--format', 'json', '.']
  const { stdout } = spawnSync(join(ROOT, 'node_modules/.bin/oxlint'), options, {
    cwd: folder,
    encoding: 'utf8',
  })
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: { code: string; filename: string }[] }
  return diagnostics.map(({ code, filename }) => `${filename}: ${code}`).sort()
}

const NO_CYCLE = 'import(no-cycle)'

test('two files that import only types of each other are a cycle', () => {
  const found = findCycles({
    'a.ts': `import type { B } from './b.ts'\nexport interface A { b: B }\n`,
    'b.ts': `import type { A } from './a.ts'\nexport interface B { a?: A }\n`,
  })
  expect(found).toEqual([`a.ts: ${NO_CYCLE}`, `b.ts: ${NO_CYCLE}`])
})

test('a type that is named beside values counts, over any number of files', () => {
  const found = findCycles({
    'a.ts': `import { b, type B } from './b.tsx'\nexport const a = (): B => b\n`,
    'b.tsx': `export { c as b } from './c.ts'\nexport type B = string\n`,
    'c.ts': `import { type a } from './a.ts'\nexport const c: ReturnType<typeof a> = ''\n`,
  })
  expect(found).toHaveLength(3)
})

test('files that import one way only are no cycle', () => {
  const found = findCycles({
    'a.ts': `import type { B } from './b.ts'\nimport { c } from './c.ts'\nexport const a: B = c\n`,
    'b.ts': `import type { C } from './c.ts'\nexport type B = C\n`,
    'c.ts': `export type C = string\nexport const c = ''\n`,
  })
  expect(found).toEqual([])
})
