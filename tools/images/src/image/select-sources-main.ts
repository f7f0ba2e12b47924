import { selectSources } from './select-sources.ts'

/** `node select-sources-main.ts <folder>`: the first step of the Dockerfile, at the root of the workspace. */
const [out] = process.argv.slice(2)
try {
  if (!out) throw new Error('Name the folder to copy to: node select-sources-main.ts selected')
  selectSources(process.cwd(), out)
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
}
