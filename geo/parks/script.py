"""Traditional Chinese park texts in simplified characters, one character for one."""

import unicodedata

# The characters that occur in the names, addresses and hours of Hong Kong's parks and differ between the scripts.
_TRADITIONAL = (
    "亞俓倫偉側傷兒內動務勞匯區啓啟單國圍園圓堅場壟學宮寧寵寶將對屬島峽崗嶺嶼庫廈廟廠廣張強彌後徑恆愛慤慶懷戶擊時暫曉會東棟楊"
    "楓業榮樂樓樹橋機橫櫻欖涼淺溫滾漁漢澤濱瀝灘灣為烏燒營獅璉環畢療發盤盧眾硤碩碼祿禮積窩節範簡籃籠籬紀紅綠維網緩練羅羣義習聖聯"
    "聲臨臺與興舊莊華菴萬蓋蓮蔭蕪藍蘆蘭蘿處號蝦蠔衛覽觀計詩誠調譽豐貝貢貨貴費貿賈賓賢質賽躉躍車軍軒軸輋輔輝輞輪連週進遊運達遷邊"
    "郵鄉鄭鄰醫鈴銀銅錦錫鍾鎮鐘鐵鑼鑽長門閃開間閣陞陽隊隴雞離雲電頂順頌頓頭頸顯風養館馬駱駿體魚魯魷鯉鰂鳥鳳鳴鴉鴨鴻鵝鷄鷹鹽麗麥"
    "黃齡龍"
)
_SIMPLIFIED = (
    "亚𠇹伦伟侧伤儿内动务劳汇区启启单国围园圆坚场垄学宫宁宠宝将对属岛峡岗岭屿库厦庙厂广张强弥后径恒爱悫庆怀户击时暂晓会东栋杨"
    "枫业荣乐楼树桥机横樱榄凉浅温滚渔汉泽滨沥滩湾为乌烧营狮琏环毕疗发盘卢众硖硕码禄礼积窝节范简篮笼篱纪红绿维网缓练罗群义习圣联"
    "声临台与兴旧庄华庵万盖莲荫芜蓝芦兰萝处号虾蚝卫览观计诗诚调誉丰贝贡货贵费贸贾宾贤质赛趸跃车军轩轴𪨶辅辉辋轮连周进游运达迁边"
    "邮乡郑邻医铃银铜锦锡钟镇钟铁锣钻长门闪开间阁升阳队陇鸡离云电顶顺颂顿头颈显风养馆马骆骏体鱼鲁鱿鲤鲗鸟凤鸣鸦鸭鸿鹅鸡鹰盐丽麦"
    "黄龄龙"
)
_TO_SIMPLIFIED = str.maketrans(_TRADITIONAL, _SIMPLIFIED)


def simplified(text: str) -> str:
    """The text in simplified characters; a character that the table does not know stays as it is."""
    return unicodedata.normalize("NFC", text).translate(_TO_SIMPLIFIED)
