/**
 * Lets a process of its own run these TypeScript files as they are: `node --import …/typescript.mjs file.ts`. What was made of a file
 * is kept among the temporary files, so that a hundred such processes do not make it a hundred times.
 */
import { register } from 'node:module'

register('./typescript-hooks.mjs', import.meta.url)
