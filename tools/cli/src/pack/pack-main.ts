import { workspaceRoot } from '@runnel/testing'
import { join } from 'node:path'
import { packCli } from './pack-cli.ts'

/** `npm run pack:cli [-- FOLDER]`: the tarball of `runnel` for `npm publish`, by default in tools/cli/dist. */
const [folder = join(workspaceRoot, 'tools/cli/dist')] = process.argv.slice(2)
console.log(await packCli(folder))
