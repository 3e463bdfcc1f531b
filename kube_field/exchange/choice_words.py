"""What lists write where a form offers choices: words of family cards and of SIKS-NG, by question and choice."""

from __future__ import annotations

from collections.abc import Mapping

YES = ("ya", "y", "iya", "ada", "benar", "true", "1", "v", "√", "✓", "sudah", "bersedia", "setuju")
NO = ("tidak", "t", "tdk", "tidak ada", "bukan", "belum", "false", "0", "n", "no", "tidak bersedia", "tidak setuju")
EMPTY = frozenset({"", "-", "--", "–", "—", "null", "n/a", "#n/a", "kosong", "nan"})
"""What people write into a cell that says nothing."""

CHOICE_WORDS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "sex": {
        "L": ("l", "lk", "laki", "laki laki", "laki2", "pria", "lelaki", "male", "1"),
        "P": ("p", "pr", "perempuan", "wanita", "wnt", "female", "2"),
    },
    "nik_status": {
        "sesuai_ktp": ("ktp", "ktp el", "e ktp", "ada ktp"),
        "sesuai_kk": ("kk", "kartu keluarga"),
        "pengakuan": ("pengakuan",),
        "missing": ("belum ada", "tidak ada", "belum punya", "tidak punya"),
    },
    "birth_date_precision": {"exact": ("pasti", "tepat"), "year_only": ("tahun", "hanya tahun")},
    "relation_to_head": {
        "kepala": ("kk", "kepala", "kep keluarga", "kepala rumah tangga", "krt"),
        "istri": ("isteri", "istri"),
        "anak": ("anak kandung", "anak tiri", "anak angkat"),
        "orang_tua": ("orangtua", "ortu", "ayah", "ibu"),
        "lainnya": (
            "famili lain",
            "famili",
            "cucu",
            "mertua",
            "saudara",
            "lain",
            "lain lain",
            "pembantu",
            "adik",
            "kakak",
        ),
    },
    "marital_status": {
        "belum_kawin": ("belum menikah", "lajang", "bk"),
        "kawin": ("menikah", "nikah", "kawin tercatat", "kawin belum tercatat", "k"),
        "cerai_hidup": ("ch", "janda cerai", "duda cerai"),
        "cerai_mati": ("cm", "janda mati", "duda mati", "janda ditinggal mati"),
        "kawin_ditinggal": ("ditinggal", "ditinggal suami", "ditinggal istri"),
    },
    "education": {
        "tidak_sekolah": ("tidak belum sekolah", "belum sekolah", "tidak pernah sekolah"),
        "tidak_tamat_sd": ("belum tamat sd sederajat", "belum tamat sd", "tidak tamat sd sederajat"),
        "sd": ("sd", "tamat sd", "tamat sd sederajat", "sr", "mi", "paket a"),
        "smp": ("smp", "sltp", "sltp sederajat", "tamat smp", "mts", "paket b"),
        "sma": ("sma", "smk", "slta", "slta sederajat", "tamat sma", "ma", "stm", "paket c"),
        "diploma": ("d1", "d2", "d3", "d4", "diploma i ii", "akademi diploma iii s muda", "diploma iv"),
        "sarjana": ("s1", "s2", "s3", "diploma iv strata i", "strata i", "strata ii", "strata iii"),
    },
    "literacy": {
        "lancar": ("ya", "bisa", "dapat"),
        "terbatas": ("sedikit", "kurang"),
        "tidak": ("buta huruf", "tidak bisa"),
    },
    "occupation": {
        "none": ("belum tidak bekerja", "belum bekerja", "tidak kerja", "menganggur", "pengangguran"),
        "ibu_rumah_tangga": ("irt", "mengurus rumah tangga", "mrt", "rumah tangga"),
        "buruh_harian": (
            "buruh",
            "buruh harian lepas",
            "buruh lepas",
            "buruh tani perkebunan",
            "buruh tani",
            "serabutan",
        ),
        "tani": ("petani", "petani pekebun", "pekebun", "tani", "kebun", "berkebun", "bertani"),
        "nelayan": ("nelayan perikanan",),
        "dagang": ("pedagang", "berdagang", "perdagangan"),
        "lainnya": ("lain",),
    },
    "disability": {"ya": ("y", "ada"), "tidak": ("t", "tdk", "tidak ada")},
    "category": {
        "09": ("disabilitas", "penyandang cacat", "pd"),
        "20": ("pmbs", "pekerja migran"),
        "23": ("prse", "wrse", "wanita rawan sosial ekonomi"),
        "24": ("fm", "miskin", "keluarga fakir miskin"),
        "25": ("kbsp",),
        "26": ("kat",),
    },
    "prse_criteria": {
        "ditinggal_suami": ("ditinggal suami", "ditinggal"),
        "nafkah_utama": ("pencari nafkah", "nafkah utama"),
        "penghasilan_kurang": ("penghasilan kurang", "tidak mencukupi"),
    },
    "status": {"tidak_aktif": ("nonaktif", "non aktif"), "meninggal": ("mati", "wafat", "almarhum", "almarhumah")},
    "dwelling_status": {
        "milik_sendiri": ("milik", "sendiri", "hak milik"),
        "sewa": ("sewa", "kontrak", "kontrakan"),
        "menumpang": ("numpang", "bebas sewa", "menumpang keluarga"),
        "dinas": ("dinas",),
        "lainnya": ("lain",),
    },
    "electricity": {
        "dasar": ("450", "450 va", "450va", "genset", "surya", "non pln"),
        "900va": ("900",),
        "1300va": ("1300", "1300 va", "1300va", "2200", "2200 va"),
    },
    "water": {"bersih": ("cukup", "ada"), "banyak": ("melimpah",)},
    "desil": {str(desil): (f"desil {desil}", f"d{desil}") for desil in range(1, 11)}
    | {
        "tidak_terdaftar": ("tidak ada", "tidak ditemukan", "non dtsen"),
        "belum_dicek": ("belum",),
    },
    "source": {
        "siks_ng": ("siks ng", "siksng", "siks", "dtsen", "dtks"),
        "cekbansos": ("cek bansos", "cekbansos"),
        "operator_desa": ("operator", "operator desa", "desa", "kelurahan"),
        "pengakuan": ("pengakuan", "wawancara"),
    },
    "other_aid": {
        "sembako": ("bpnt", "sembako"),
        "pbi_jk": ("pbi", "pbi jk", "bpjs", "kis"),
        "blt_desa": ("blt", "blt dd"),
        "none": ("tidak",),
    },
    "how": {"tanda_tangan": ("ttd", "tertulis"), "cap_jempol": ("jempol",)},
    "sk_by": {"kepala_desa": ("kades", "petinggi", "kepala kampung", "kepala desa")},
    "bank_name": {
        "bankaltimtara": ("bpd", "bpd kaltim", "bpd kaltimtara", "bank kaltimtara"),
        "bsi": ("bank syariah indonesia",),
    },
    "meeting_schedule": {
        "mingguan": ("seminggu sekali",),
        "bulanan": ("sebulan sekali",),
        "tidak_tetap": ("tidak tentu",),
    },
    "books": {
        "anggota": ("anggota",),
        "tamu": ("tamu",),
        "notulen": ("notulen",),
        "kas": ("kas",),
        "kegiatan": ("kegiatan",),
        "simpan_pinjam": ("simpan pinjam",),
        "inventaris": ("inventaris",),
        "none": ("tidak ada", "belum ada"),
    },
}
