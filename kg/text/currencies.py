"""Names of currencies in English, and the adjectives by which they are those of a state.

Written by tools/gazetteer from the Unicode CLDR and the World Factbook; not to be edited by hand.
"""

# Of ISO 4217: those in use.
CODES = """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP
    CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF
    IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD
    MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB
    RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD
    UYU UZS VED VES VND VUV WST XAF XCD XCG XDR XOF XPF YER ZAR ZMW ZWG ZWL
"""

# Patterns of nouns, with the codes that they may have.
NOUNS = """
    afghanis?: AFN, ariarys?|ariaries: MGA, bahts?: THB, balboas?: PAB, birrs?: ETB, bolivianos?: BOB,
    bolívars?|bolivars?: VES, cedis?: GHS, colones: CRC, córdobas?|cordobas?: NIO, dalasis?: GMD, denars: MKD,
    denars?|denari: MKD, dinars?: BHD DZD IQD JOD KWD LYD RSD TND, dirhams?: AED MAD, dobras?: STN,
    dollars?: AUD BBD BMD BND BSD BZD CAD FJD GYD HKD JMD KYD LRD NAD NZD SBD SGD SRD TTD TWD USD XCD, dongs?: VND,
    emalangeni: SZL, escudos?: CVE, euros?: EUR, florins?: AWG, forints?: HUF,
    francs?: BIF CDF CHF DJF GNF KMF RWF XAF XOF XPF, gourdes?: HTG, guaranis?: PYG, hryvnias?: UAH, kinas?: PGK,
    kips?: LAK, korunas?: CZK, kronas?|kronor: SEK, krones?|kroner: DKK NOK, krónas?|krónur|kronas?|kronur: ISK,
    kwachas?: MWK ZMW, kwanzas?: AOA, kyats?: MMK, laris?: GEL, leke: ALL, lempiras?: HNL, leones?: SLE,
    leus?|lei: MDL RON, lilangenis?|emalangeni: SZL, liras?: TRY, lotis?: LSL, maloti: LSL, manats?: AZN TMT,
    meticals?: MZN, nairas?: NGN, nakfas?: ERN, ngultrums?: BTN, ouguiyas?: MRU, pa[’ʻ']?angas?: TOP, patacas?: MOP,
    pesos?: ARS CLP COP CUP DOP MXN PHP UYU, pulas?: BWP, quetzales: GTQ, quetzals?: GTQ, rands?: ZAR,
    rials?: IRR OMR YER, riels?: KHR, ringgits?: MYR, riyals?: QAR SAR, rubles?: BYN RUB, rufiyaas?: MVR,
    rupees?: INR LKR MUR NPR PKR SCR, rupiahs?: IDR, shekels?: ILS, shillings?: KES SOS TZS UGX, somonis?: TJS,
    takas?: BDT, talas?: WST, tenges?: KZT, tugriks?: MNT, vatus?: VUV, yens?: JPY, yuans?: CNY, zlotys?: PLN
"""

# Those of nouns that mean something else as well.
AMBIGUOUS = """
    colóns?: CRC, drams?: AMD, golds?: ZWG, guilders?: XCG, leks?|lekë|leks?|leke: ALL, marks?: BAM,
    pounds?: EGP FKP GBP GIP LBP SDG SHP SSP SYP, reals?: BRL, sols?|soles: PEN, soms?: KGS UZS, wons?: KPW KRW
"""

# Adjectives and names of states, with the first letters of the code.
STATES = """
    Afghan AF, Afghanistan AF, Albania AL, Albanian AL, Algeria DZ, Algerian DZ, America US, American US, Angola AO,
    Angolan AO, Aotearoa New Zealand NZ, Argentina AR, Argentine AR, Argentinian AR, Armenia AM, Armenian AM,
    Aruba AW, Aruban AW, Australia AU, Australian AU, Azerbaijan AZ, Azerbaijani AZ, Bahamas BS, Bahamian BS,
    Bahrain BH, Bahraini BH, Bajan BB, Bangladesh BD, Bangladeshi BD, Barbadian BB, Barbados BB, Basotho LS,
    Batswana BW, Belarus BY, Belarusian BY, Belize BZ, Belizean BZ, Bermuda BM, Bermudan BM, Bermudian BM, Bhutan BT,
    Bhutanese BT, Bolivia BO, Bolivian BO, Bosnia BA, Bosnian BA, Botswana BW, Botswanan BW, Brazil BR, Brazilian BR,
    Britain GB, British GB, Briton GB, Brunei BN, Brunei Darussalam BN, Bruneian BN, Burma MM, Burmese MM, Burundi BI,
    Burundian BI, Cabo Verde CV, Cabo Verdean CV, Cambodia KH, Cambodian KH, Canada CA, Canadian CA, Cape Verde CV,
    Cape Verdean CV, Caribbean XC, Cayman Islands KY, Caymanian KY, Chile CL, Chilean CL, China CN, Colombia CO,
    Colombian CO, Comoran KM, Comorian KM, Comoros KM, Congo CD, Congolese CD, Costa Rica CR, Costa Rican CR, Cuba CU,
    Cuban CU, Czech CZ, Czechia CZ, Dane DK, Danish DK, Denmark DK, Djibouti DJ, Djiboutian DJ, Dominican DO,
    Dutch AW, East Caribbean XC, Egypt EG, Egyptian EG, Emirati AE, Eritrea ER, Eritrean ER, Eswatini SZ, Ethiopia ET,
    Ethiopian ET, Falkland Island FK, Falkland Islander FK, Falkland Islands FK, Fiji FJ, Fijian FJ, Filipino PH,
    Gambia GM, Gambian GM, Georgia GE, Georgian GE, Ghana GH, Ghanaian GH, Gibraltar GI, Gibraltarian GI,
    Great Britain GB, Guatemala GT, Guatemalan GT, Guinea GN, Guinean GN, Guyana GY, Guyanaese GY, Guyanese GY,
    Haiti HT, Haitian HT, Herzegovinian BA, Honduran HN, Honduras HN, Hong Kong HK, Hong Konger HK, Hungarian HU,
    Hungary HU, Iceland IS, Icelander IS, Icelandic IS, India IN, Indian IN, Indonesia ID, Indonesian ID, Iran IR,
    Iranian IR, Iraq IQ, Iraqi IQ, Israel IL, Israeli IL, Jamaica JM, Jamaican JM, Japan JP, Japanese JP, Jordan JO,
    Jordanian JO, Kazakh KZ, Kazakhstan KZ, Kazakhstani KZ, Kenya KE, Kenyan KE, Kuwait KW, Kuwaiti KW, Kyrgyz KG,
    Kyrgyzstan KG, Kyrgyzstani KG, Lao LA, Laos LA, Laotian LA, Lebanese LB, Lebanon LB, Lesotho LS, Liberia LR,
    Liberian LR, Libya LY, Libyan LY, Macanese MO, Macao MO, Macau MO, Macedonian MK, Madagascar MG, Malagasy MG,
    Malawi MW, Malawian MW, Malaysia MY, Malaysian MY, Maldives MV, Maldivian MV, Mauritania MR, Mauritanian MR,
    Mauritian MU, Mauritius MU, Mexican MX, Mexico MX, Moldova MD, Moldovan MD, Mongolia MN, Mongolian MN,
    Moroccan MA, Morocco MA, Mosotho LS, Motswana BW, Mozambican MZ, Mozambique MZ, Myanmar MM, Namibia NA,
    Namibian NA, Nepal NP, Nepalese NP, Nepali NP, New Taiwan TW, New Zealand NZ, New Zealander NZ, Nicaragua NI,
    Nicaraguan NI, Nigeria NG, Nigerian NG, North Korea KP, North Korean KP, North Macedonia MK, Norway NO,
    Norwegian NO, Omani OM, Pakistan PK, Pakistani PK, Panama PA, Panamanian PA, Papua New Guinea PG,
    Papua New Guinean PG, Paraguay PY, Paraguayan PY, Peru PE, Peruvian PE, Philippine PH, Philippines PH, Poland PL,
    Pole PL, Polish PL, Qatar QA, Qatari QA, Romania RO, Romanian RO, Russia RU, Russian RU, Russian Federation RU,
    Rwanda RW, Rwandan RW, Saint Helenian SH, Samoa WS, Samoan WS, Sao Tomean ST, Saudi SA, Saudi Arabia SA,
    Saudi Arabian SA, Serb RS, Serbia RS, Serbian RS, Seychelles SC, Seychellois SC, Sierra Leone SL,
    Sierra Leonean SL, Singapore SG, Singaporean SG, Solomon Islander SB, Solomon Islands SB, Somali SO, Somalia SO,
    South Africa ZA, South African ZA, South Korea KR, South Korean KR, South Sudan SS, South Sudanese SS,
    Sri Lanka LK, Sri Lankan LK, Sudan SD, Sudanese SD, Suriname SR, Surinamer SR, Surinamese SR, Swati SZ, Swazi SZ,
    Swaziland SZ, Swede SE, Sweden SE, Swedish SE, Swiss CH, Swiss Confederation CH, Switzerland CH, Syria SY,
    Syrian SY, Taiwan TW, Taiwanese TW, Tajik TJ, Tajikistan TJ, Tajikistani TJ, Tanzania TZ, Tanzanian TZ, Thai TH,
    Thailand TH, Tobagonian TT, Tonga TO, Tongan TO, Trinidadian TT, Tunisia TN, Tunisian TN, Turk TR, Turkey TR,
    Turkish TR, Turkmenistan TM, Turkmenistani TM, U.K. GB, U.S. US, UAE AE, UK GB, US US, Uganda UG, Ugandan UG,
    Ukraine UA, Ukrainian UA, United Arab Emirates AE, United Kingdom GB, United Mexican States MX, United States US,
    Uruguay UY, Uruguayan UY, Uzbek UZ, Uzbekistan UZ, Uzbekistani UZ, Vanuatu VU, Venezuela VE, Venezuelan VE,
    Vietnam VN, Vietnamese VN, Yemeni YE, Zambia ZM, Zambian ZM, Zimbabwe ZW, Zimbabwean ZW
"""
