import { webUi as debian } from '../debian/web-ui.ts'

/** The same page. */
export const webUi = debian
