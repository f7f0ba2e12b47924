import { expect, test } from '@jest/globals'
import { globSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { generateTypes } from '../src/generate-types.ts'

test('the types of the client are those of the routes: npm run generate:client changes nothing', async () => {
  const files = await generateTypes()
  for (const { path, text } of files) expect(readFileSync(path, 'utf8')).toBe(text)
  const folder = dirname(files[0]!.path)
  const written = files.map(({ path }) => basename(path))
  expect(globSync('*', { cwd: folder }).sort()).toEqual(written.sort())
  expect(readFileSync(join(folder, 'ingest-api.ts'), 'utf8')).toContain('"/api/v1/logs"')
})
