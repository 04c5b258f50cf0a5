import { english } from './en.ts'
import type { Language } from './language.ts'
import { chinese } from './zh.ts'

/** By tag. */
export const languages: Readonly<Record<string, Language>> = { en: english, zh: chinese }
