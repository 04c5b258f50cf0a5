import { expect, test } from 'vitest'
import { clausesOf, nameOf, urlOf } from './clauses.ts'

test.each([
  ['RFC 7084', '4.2', '7084 4.2'],
  ['RFC 7084 / RFC 6603', '4.2; 6603 s4.2', '7084 4.2, 6603 4.2'],
  ['RFC 8200 / RFC 4861', '8200 s5; 4861 s4.6.4', '8200 5, 4861 4.6.4'],
  ['RFC 8200 (deployment profile)', 'none (carrier access profile)', '8200'],
  ['RFC 4191', '2.2, 3.2', '4191 2.2, 4191 3.2'],
  ['RFC 4861', '6.3.7, s10', '4861 6.3.7, 4861 10'],
  ['RFC 4862', '5.5.3 (e)', '4862 5.5.3'],
  ['RFC 4443', '2.4(c)', '4443 2.4'],
  ['RFC 7084 / RFC 8415 s21.23', '4.2', '7084 4.2, 8415 21.23'],
  ['RFC 8415 (RFC 9915)', '18.2.1, s15', '8415 18.2.1, 8415 15, 9915'],
  ['RFC 8415 (RFC 9915) / RFC 9096 s3.5', '18.3.11', '8415 18.3.11, 9915, 9096 3.5'],
  ['RFC 9915', 'whole (obsoletes 8415)', '9915'],
  ['RFC 8168', '3.1-3.5', '8168 3.1'],
  ['RFC 9096 / RFC 9818', '3.5; 5.1', '9096 3.5, 9818 5.1'],
  ['RFC 9818 / RFC 9096 L-15', '5.1; 9096 s3.3', '9818 5.1, 9096 3.3'],
  ['RFC 7084 / RFC 6092 REC-7 / RFC 4193 s4.3', '4.3', '7084 4.3, 6092, 4193 4.3'],
  ['RFC 8200 / RFC 5095 / RFC 6092 REC-4', '4.4; REC-4', '8200 4.4, 5095, 6092'],
  ['RFC 6147 / RFC 7050', '7050 s3', '6147, 7050 3'],
  ['RFC 7084 / RFC 3646 / RFC 8106', '4.3 L-10, L-11', '7084 4.3, 3646, 8106'],
  ['De-NAT explainer / RFC 7084 L-10, L-11', 'task 2', '7084'],
  ['De-NAT explainer (MIIT/CAC notice, 2024-07) / RFC 6092 REC-49', 'goal', '6092'],
  ['De-NAT explainer (MIIT/CAC notice, 2024-07)', 'task 2: >= 80 %', ''],
  ['De-NAT explainer; 2022 work plan in white paper; RFC 6540 (BCP 177) s2', 'white paper 1(3)2; 6540 s2', '6540 2'],
  ['White paper (IPv6+ rows) / RFC 8754 / RFC 8200 s4', '1(2), 4(1)', '8754, 8200 4'],
  ['RFC 8754 / RFC 8200 s5', '-', '8754, 8200 5'],
  ['project goal (RFC 6092 state tables)', '-', '6092'],
  ['Web UI / automation profile', '-', ''],
])('%s | %s', (document, section, expected) => {
  const clauses = clausesOf({ document, section })
  expect(clauses.map((clause) => [clause.rfc, clause.section].filter(Boolean).join(' ')).join(', ')).toBe(expected)
})

test('a clause links to its section', () => {
  const clause = { rfc: 8415, section: '18.2.4' }
  expect(urlOf(clause)).toBe('https://www.rfc-editor.org/rfc/rfc8415#section-18.2.4')
  expect(nameOf(clause)).toBe('RFC 8415, section 18.2.4')
})
