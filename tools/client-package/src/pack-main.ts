import { workspaceRoot } from '@runnel/testing'
import { join } from 'node:path'
import { packClient } from './pack-client.ts'

/** `npm run pack:client [-- FOLDER]`: the tarball of @runnel/client for `npm publish`, by default in libs/client/dist. */
const [folder = join(workspaceRoot, 'libs/client/dist')] = process.argv.slice(2)
console.log(packClient(folder))
