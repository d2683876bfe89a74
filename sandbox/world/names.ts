/** First names, family names, streets and places of one country. A place is city, county, postal code. */
export interface Names {
  first: readonly string[];
  last: readonly string[];
  streets: readonly string[];
  places: readonly (readonly [city: string, county: string, postalCode: string])[];
  /** First digits of a mobile number, without the country code. */
  phone: string;
}

const words = (text: string): string[] => text.trim().split(/\s*,\s*/);
const places = (text: string): [string, string, string][] =>
  text
    .trim()
    .split(/\s*;\s*/)
    .map((each) => each.split('/') as [string, string, string]);

const RO: Names = {
  first: words(
    'Ioana, Andreea, Maria, Elena, Alexandra, Mihaela, Ana, Cristina, Gabriela, Raluca, Simona, Bianca, Diana, Oana, Roxana, Andrei, Alexandru, Mihai, Ionuț, Ștefan, Cristian, Florin, Vlad, Radu, Bogdan, Adrian, George, Dan, Răzvan, Cătălin',
  ),
  last: words(
    'Popescu, Ionescu, Popa, Pop, Radu, Dumitru, Stan, Stoica, Gheorghe, Matei, Ciobanu, Rusu, Mocanu, Constantin, Marin, Tudor, Dobre, Barbu, Nistor, Florea, Munteanu, Șerban, Lazăr, Toma, Moldovan, Neagu, Țurcanu, Ilie, Oprea, Dinu',
  ),
  streets: words(
    'Str. Florilor, Str. Mihai Eminescu, Bd. Unirii, Str. Libertății, Str. Avram Iancu, Calea Victoriei, Str. Salcâmilor, Aleea Teilor, Str. Republicii, Str. 1 Decembrie, Bd. Tineretului, Str. Gării',
  ),
  places: places(
    'București/Bucuresti/010011; Cluj-Napoca/Cluj/400001; Timișoara/Timis/300001; Iași/Iasi/700001; Constanța/Constanta/900001; Craiova/Dolj/200001; Brașov/Brasov/500001; Galați/Galati/800001; Ploiești/Prahova/100001; Oradea/Bihor/410001; Sibiu/Sibiu/550001; Arad/Arad/310001; Dumbravita/Timis/307160; Florești/Cluj/407280; Suceava/Suceava/720001; Voluntari/Ilfov/077190',
  ),
  phone: '7',
};

const DE: Names = {
  first: words(
    'Anna, Lena, Marie, Sophie, Laura, Julia, Katharina, Sabine, Petra, Claudia, Heike, Jana, Nele, Emilia, Greta, Lukas, Jonas, Felix, Paul, Maximilian, Stefan, Thomas, Andreas, Jürgen, Uwe, Jan, Tobias, Florian, Björn, Moritz',
  ),
  last: words(
    'Müller, Schmidt, Schneider, Fischer, Weber, Meyer, Wagner, Becker, Schulz, Hoffmann, Schäfer, Koch, Bauer, Richter, Klein, Wolf, Schröder, Neumann, Schwarz, Zimmermann, Braun, Krüger, Hofmann, Hartmann, Lange, Werner, Krause, Lehmann, Köhler, Groß',
  ),
  streets: words(
    'Hauptstraße, Bahnhofstraße, Gartenweg, Schillerstraße, Goethestraße, Lindenallee, Bergstraße, Am Markt, Kirchgasse, Rosenweg, Mozartstraße, Schulstraße',
  ),
  places: places(
    'Berlin/Berlin/10115; Hamburg/Hamburg/20095; München/Bayern/80331; Köln/Nordrhein-Westfalen/50667; Frankfurt am Main/Hessen/60311; Stuttgart/Baden-Württemberg/70173; Leipzig/Sachsen/04109; Dresden/Sachsen/01067; Hannover/Niedersachsen/30159; Nürnberg/Bayern/90402; Bremen/Bremen/28195; Freiburg/Baden-Württemberg/79098',
  ),
  phone: '15',
};

const TR: Names = {
  first: words(
    'Ayşe, Fatma, Emine, Zeynep, Elif, Merve, Büşra, Esra, Özge, Selin, Gizem, Derya, Şeyma, İrem, Ceren, Mehmet, Mustafa, Ahmet, Ali, Hüseyin, Emre, Burak, Can, Oğuz, Kerem, Yusuf, Ömer, Serkan, Tolga, Barış',
  ),
  last: words(
    'Yılmaz, Kaya, Demir, Şahin, Çelik, Yıldız, Yıldırım, Öztürk, Aydın, Özdemir, Arslan, Doğan, Kılıç, Aslan, Çetin, Kara, Koç, Kurt, Özkan, Şimşek, Polat, Korkmaz, Erdoğan, Güneş, Acar, Bulut, Aktaş, Taş, Güler, Uçar',
  ),
  streets: words(
    'Atatürk Cad., Cumhuriyet Cad., İnönü Sok., Gül Sok., Çiçek Sok., Bahçe Sok., Barış Cad., Fatih Sok., Lale Sok., Okul Cad., Zafer Cad., Papatya Sok.',
  ),
  places: places(
    'İstanbul/Kadıköy/34710; İstanbul/Beşiktaş/34330; İstanbul/Ümraniye/34760; Ankara/Çankaya/06420; Ankara/Keçiören/06280; İzmir/Bornova/35030; İzmir/Karşıyaka/35580; Bursa/Nilüfer/16110; Antalya/Muratpaşa/07100; Adana/Seyhan/01010; Konya/Selçuklu/42060; Gaziantep/Şahinbey/27010; Kayseri/Melikgazi/38010; Eskişehir/Tepebaşı/26120',
  ),
  phone: '5',
};

const EU: Names = {
  first: words('Maria, Anna, Elena, Sofia, Eva, Katerina, Nina, Sara, Martin, Peter, Thomas, Nikola, Adam, Omar, Daniel, Viktor'),
  last: words('Novak, Horvath, Petrov, Ivanova, Svoboda, Kovac, Dimitrov, Papadopoulos, Nikolaou, Dvorak, Haddad, Mansour'),
  streets: words('Main Street, Station Road, Park Avenue, Garden Street, Market Square, River Road'),
  places: places('Central City/Central/10000; Harbour Town/Coast/20000; Hill Town/Highlands/30000; Old Town/Lowlands/40000'),
  phone: '6',
};

/** The names of a country; countries without a list of their own share one. */
export function namesOf(country: string): Names {
  return { RO, DE, TR }[country] ?? EU;
}
